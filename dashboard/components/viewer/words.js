// What the viewer says, in the language that the page gives: a table of sentences (dashboard/words/viewer.toml).

import { written } from "../parts/numbers.js";

/** @typedef {Record<string, string>} Words */

/**
 * A number with four digits that count, as the language of these words writes it.
 * @param {Words} words
 * @param {number} value
 */
export const digits = ({ decimal }, value) => written(value.toPrecision(4), decimal);
