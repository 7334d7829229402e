// Which tips were closed in this browser. Where it keeps nothing (private windows may refuse) the page still knows.

const CLOSED = "actviz-tips";

/** @type {string[]} */
const here = [];

/** @returns {string[]} */
export function closed() {
    try {
        const kept = JSON.parse(localStorage.getItem(CLOSED) ?? "[]");
        return Array.isArray(kept) ? [...here, ...kept] : here;
    } catch {
        return here;
    }
}

/**
 * All that have been closed by now.
 * @param {string} name
 */
export function close(name) {
    here.push(name);
    const names = [...new Set(closed())];
    try {
        localStorage.setItem(CLOSED, JSON.stringify(names));
    } catch {
        // remembered by the page alone
    }
    return names;
}
