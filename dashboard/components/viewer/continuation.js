/** @import { Words } from "./words.js" */

import { filled } from "../parts/filled.js";

const MORE = 100; // iterations, after the end of a run

/**
 * How far a run goes on from a picture: to the end that the page is set to, or the run's own, or some iterations
 * further where both are reached; and how the button is called.
 * @param {Words} words
 * @param {number} shown the picture's iteration
 * @param {number} end of the run; 0: not known yet
 * @param {number} wanted by the page
 */
export function continuation(words, shown, end, wanted) {
    const until = [wanted, end].find((iteration) => iteration > shown) ?? shown + MORE;
    return { until, text: end && shown >= end ? filled(words.branch_more, { n: until - shown }) : words.branch };
}
