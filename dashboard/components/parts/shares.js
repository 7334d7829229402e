// Shares of right answers on a line from 0 to 100 %, with their intervals, and the same in words.

import { element } from "./element.js";

/**
 * @typedef {object} ShareRow
 * @property {string} kind "own", "class" or "published"
 * @property {string} name
 * @property {number | null} share null: there is none, and `text` says so
 * @property {[number, number] | null} interval
 * @property {string} text
 */

/** @param {number} share */
export const percent = (share) => Math.round(100 * share);

/**
 * @param {string} title
 * @param {ShareRow[]} rows
 */
export function shares(title, rows) {
    return element(
        "figure",
        { className: "aa-shares", "data-testid": "shares" },
        element("figcaption", {}, title),
        ...rows.map(row),
    );
}

/** @param {ShareRow} row */
function row({ kind, name, share, interval, text }) {
    const track = element("span", { className: "aa-track", "aria-hidden": "true" });
    if (interval) {
        const range = element("span", { className: "aa-range" });
        range.style.left = `${100 * interval[0]}%`;
        range.style.width = `${100 * (interval[1] - interval[0])}%`;
        track.append(range);
    }
    if (share !== null) {
        const dot = element("span", { className: "aa-dot" });
        dot.style.left = `${100 * share}%`;
        track.append(dot);
    }
    return element(
        "div",
        { className: "aa-share", "data-kind": kind },
        element("span", {}, name),
        track,
        element("span", {}, text),
    );
}
