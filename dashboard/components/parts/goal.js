// Keys that lead through what stands in rows.

/**
 * Where a key leads in the order, be it beyond the ends; null: it is none of ours.
 * @param {string} key
 * @param {number} here
 * @param {number} across so many tiles stand side by side
 * @param {number} last
 */
export function goal(key, here, across, last) {
    /** @type {{ [key: string]: number }} */
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across, Home: -here, End: last - here };
    return key in steps ? here + steps[key] : null;
}
