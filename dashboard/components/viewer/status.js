// Where a run stands, in words, and where several stand together.

/**
 * @import { Connection, Recorded, Standing, Status } from "../messages.js"
 * @import { Words } from "./words.js"
 * @typedef {Standing & { word: string, furthest: number }} Together
 */

import { filled } from "../parts/filled.js";

/** @type {Status[]} */
export const ENDED = ["finished", "failed", "cancelled"];

/** @type {Status[]} what several are together: the first of these that one of them is */
const FIRST = ["running", "waiting", "paused", "finished", "cancelled", "failed"];

/**
 * Where a run stands, as far as this page can know.
 * @param {Words} words
 * @param {string} word
 * @param {Status | ""} status
 * @param {Connection} connection
 * @param {string} halted why the teacher of the class has paused everybody's runs; "": she has not
 */
export function standing(words, word, status, connection, halted = "") {
    if (!status || ENDED.includes(status)) return word;
    if (connection === "connected") return halted || word;
    return connection === "ended" ? words.interrupted : words.reconnecting;
}

/**
 * One header for several runs: they are running while one of them is, and as far as the one that has most before it.
 * @param {Words} words
 * @param {Standing[]} headers at least one
 * @returns {Together}
 */
export function together(words, headers) {
    const status = FIRST.find((each) => headers.some((header) => header.status === each)) ?? "waiting";
    const alike = headers.filter((header) => header.status === status);
    const behind = alike.reduce((one, other) => (leftOf(other) > leftOf(one) ? other : one));
    const recorded = headers.map((header) => header.recorded).filter((each) => each !== null);
    return {
        ...behind,
        word: wordOfAll(words, headers, status),
        furthest: Math.max(0, ...alike.map(({ iteration }) => iteration)),
        recorded: recorded.reduce(farther, null),
    };
}

/** @param {Standing} header */
const leftOf = ({ iterations, iteration }) => iterations - iteration;

/** @type {(one: Recorded | null, other: Recorded) => Recorded} */
const farther = (one, other) => (one && one.last >= other.last ? one : other);

/**
 * Once all have ended, each in its way: how many in which.
 * @param {Words} words
 * @param {Standing[]} headers
 * @param {Status} status
 */
function wordOfAll(words, headers, status) {
    const ways = ENDED.filter((each) => headers.some((header) => header.status === each));
    if (!headers.every((header) => ENDED.includes(header.status)) || ways.length < 2) return words[status];
    const count = (/** @type {Status} */ each) => headers.filter((header) => header.status === each).length;
    return ways.map((each) => filled(words.counted, { n: count(each), word: words[each] })).join(", ");
}
