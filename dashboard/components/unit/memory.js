// Whether the panel is open, for this tab: on another page it is as one left it.

const OPEN = "actviz.unit.open";

export function recallOpen() {
    return sessionStorage.getItem(OPEN) === "true";
}

/** @param {boolean} open */
export function rememberOpen(open) {
    sessionStorage.setItem(OPEN, String(open));
}
