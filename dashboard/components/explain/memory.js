// What the tab remembers of the Explain page: a reload leaves it.

const TOOL = "actviz-explain-tool",
    MASK = "actviz-explain-mask",
    MODE = "actviz-explain-mode";

/**
 * @typedef {{ shape: "brush" | "box", fill: string, diameter: number, look: boolean }} Tool what regions are masked
 *     with, and whether what covers them is seen
 */

/** @returns {Partial<Tool>} */
export function recallTool() {
    return JSON.parse(sessionStorage.getItem(TOOL) ?? "{}");
}

/** @param {Tool} tool */
export function rememberTool(tool) {
    sessionStorage.setItem(TOOL, JSON.stringify(tool));
}

/** @returns {"frame" | "touch"} what was done with the image: its frame moved, or its regions masked */
export function recallMode() {
    return sessionStorage.getItem(MODE) === "touch" ? "touch" : "frame";
}

/** @param {"frame" | "touch"} mode */
export function rememberMode(mode) {
    sessionStorage.setItem(MODE, mode);
}

/**
 * What was masked of that picture; "": nothing, or of another one.
 * @param {string} picture
 */
export function recallMask(picture) {
    const kept = JSON.parse(sessionStorage.getItem(MASK) ?? "{}");
    return kept.picture === picture ? kept.mask : "";
}

/**
 * @param {string} picture
 * @param {string} mask
 */
export function rememberMask(picture, mask) {
    sessionStorage.setItem(MASK, JSON.stringify({ picture, mask }));
}
