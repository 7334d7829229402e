// What the viewer says, in the language that the page gives: a table of sentences (dashboard/words/viewer.toml).

/** @typedef {Record<string, string>} Words */

/**
 * A number with four digits that count, as the language of these words writes it.
 * @param {Words} words
 * @param {number} value
 */
export const digits = ({ decimal }, value) => value.toPrecision(4).replace(".", decimal);
