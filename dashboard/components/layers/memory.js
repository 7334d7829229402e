// What the tab remembers of the Layers page: a reload leaves it.

/** @import { By } from "./sorting.js" */

const KEPT = "actviz-layers";

/**
 * @typedef {object} Look
 * @property {By} by in which order the channels stand
 * @property {boolean} common whether one scale of colours is for all channels
 * @property {string} method what shows the pixels that drive a channel
 * @property {number} opacity of a map over the image, 0 to 1
 */

/** @type {Look} */
const USUAL = { by: "strength", common: false, method: "gradient", opacity: 0.75 };

/** @returns {Look} */
export function recallLook() {
    return { ...USUAL, ...JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") };
}

/** @param {Partial<Look>} look */
export function rememberLook(look) {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...recallLook(), ...look }));
}
