// What the tab remembers of looking back: it is reloaded, and its pages are left.

const BACK = "actviz-back"; // in the tab's store: the runs, and the iteration

/**
 * @param {string[]} runs
 * @param {number | null} iteration that is looked at; null: the newest
 */
export function remember(runs, iteration) {
    sessionStorage.setItem(BACK, JSON.stringify([runs.join(), iteration]));
}

/**
 * @param {string[]} runs
 * @returns {number | null}
 */
export function recall(runs) {
    const [known, iteration] = JSON.parse(sessionStorage.getItem(BACK) ?? "[]");
    return known === runs.join() ? iteration : null;
}
