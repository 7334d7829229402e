// The welcome: a first picture that a newcomer need not ask for. The server offers it, and here is known whether it is
// wanted.

/** @import { Run } from "../messages.js" */

import { reveal } from "../parts/sidebar.js";

const KEPT = "actviz-visitor"; // where tab.js keeps the token of the visitor that the tab is
const STILL = "(prefers-reduced-motion: reduce)";

let decided = false; // once for a page: one that has lost its server shows what it had

/**
 * Has it begin, where it is wanted.
 * @param {string} address "" where none is offered
 * @param {(runs: Run[]) => void} begun
 */
export async function welcome(address, begun) {
    if (decided || !address) return;
    decided = true;
    if (isUnmoved(address)) return reveal();
    if (isSomebody(address)) return;
    await seen();
    const answer = await fetch(address, { method: "POST" }).catch(() => null);
    if (answer?.status === 200) begun([await answer.json()]);
}

/**
 * Whether one is offered that does not begin because nothing is to move by itself here.
 * @param {string} address
 */
export const isUnmoved = (address) => Boolean(address) && matchMedia(STILL).matches && !isSomebody(address);

/**
 * Whether this tab was somebody before, other than the visitor that the address names.
 * @param {string} address
 */
function isSomebody(address) {
    const kept = sessionStorage.getItem(KEPT);
    return kept !== null && !address.includes(kept);
}

/** Waits until somebody can see the page. */
function seen() {
    return /** @type {Promise<void>} */ (
        new Promise((resolve) => {
            const look = () => {
                if (document.hidden) return;
                document.removeEventListener("visibilitychange", look);
                resolve();
            };
            document.addEventListener("visibilitychange", look);
            look();
        })
    );
}
