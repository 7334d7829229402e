// What the tab remembers: other layers, other pages and a reload leave it.

/** @import { By } from "./tiles.js" */

const PAUSED = "actviz-paused"; // the name of the gallery that it has paused
const ORDER = "actviz-order";

/**
 * The order that was chosen last. Similarity is one to a channel that was chosen.
 * @param {number | null} chosen
 * @returns {By}
 */
export function recallOrder(chosen) {
    const kept = /** @type {By} */ (sessionStorage.getItem(ORDER) ?? "index");
    return kept === "likeness" && chosen === null ? "index" : kept;
}

/** @param {By} by */
export function rememberOrder(by) {
    sessionStorage.setItem(ORDER, by);
}

/** @param {string} name */
export function wasPaused(name) {
    return sessionStorage.getItem(PAUSED) === name;
}

/**
 * @param {string} name
 * @param {boolean} paused
 */
export function rememberPaused(name, paused) {
    if (paused) sessionStorage.setItem(PAUSED, name);
    else sessionStorage.removeItem(PAUSED);
}
