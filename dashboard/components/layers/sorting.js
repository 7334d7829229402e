// In which order channels stand.

/** @typedef {"strength" | "change" | "number"} By */

/** @type {By[]} */
export const ORDERS = ["strength", "change", "number"];

/**
 * The channels, those of the largest number first; of equal ones the lower channel.
 * @param {By} by
 * @param {ArrayLike<number>} numbers one a channel
 * @returns {number[]}
 */
export function sorted(by, numbers) {
    const channels = Array.from(numbers, (_, channel) => channel);
    return by === "number" ? channels : channels.sort((a, b) => numbers[b] - numbers[a] || a - b);
}
