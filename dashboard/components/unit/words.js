// What is said of a unit, in the language that the page gives: a table of sentences (dashboard/words/unit.toml).

/** @import { UnitFolder, UnitPatch, UnitReady } from "../messages.js" */

import { filled } from "../parts/filled.js";
import { beside, number } from "../parts/numbers.js";

/** @typedef {Record<string, string>} Words */

/**
 * Counted where every value is known; never more than is true of the images.
 * @param {Words} words
 * @param {number} lower how many images have a lower value
 * @param {Pick<UnitReady, "images" | "exact">} answer
 */
export function lowerWords(words, lower, { images, exact }) {
    if (exact) return filled(words.lower, { lower, n: images });
    return filled(words.lower_about, { percent: Math.floor((100 * lower) / images) });
}

/**
 * @param {Words} words
 * @param {Pick<UnitReady, "images" | "name" | "small" | "source">} answer
 */
export function behindWords(words, { images, name, small, source }) {
    return filled(words[`from_${source}${small ? "_small" : ""}`], { n: images, folder: name });
}

/**
 * @param {Words} words
 * @param {Pick<UnitReady, "dead" | "tied" | "border" | "images">} answer
 */
export function remarks(words, { dead, tied, border, images }) {
    if (dead) return [words.dead];
    return [tied > 1 ? filled(words.tied, { tied, n: images }) : "", border ? words.border : ""].filter(Boolean);
}

/**
 * What an image is called: the title of a sample photograph in the language.
 * @param {Words} words
 * @param {string} title
 * @param {boolean} part
 */
function nameWords(words, title, part) {
    const name = words[`name ${title}`] ?? title;
    return part ? filled(words.part, { name }) : name;
}

/**
 * @param {Words} words
 * @param {string} kind
 * @param {number} place
 * @param {UnitPatch} patch
 * @param {Pick<UnitReady, "images" | "exact" | "places">} answer
 */
export function patchWords(words, kind, place, [, row, column, value, lower, , title, part], answer) {
    return filled(answer.places ? words.patch_at : words.patch, {
        kind,
        n: place + 1,
        name: nameWords(words, title, part),
        row,
        column,
        value: number(value, words.decimal),
        lower: lowerWords(words, lower, answer),
    });
}

/**
 * Where all values lie, and that of the visitor's image among them.
 * @param {Words} words
 * @param {Pick<UnitReady, "quantiles" | "image" | "images" | "exact">} answer
 */
export function rangeWords(words, { quantiles, image, images, exact }) {
    const low = quantiles[0],
        high = quantiles[quantiles.length - 1],
        said = (/** @type {number} */ value) => beside(value, Math.max(-low, high), words.decimal),
        range = { n: images, low: said(low), high: said(high) };
    if (!image) return filled(words.range, range);
    return filled(image.name ? words.range_named : words.range_image, {
        ...range,
        name: nameWords(words, image.name, false),
        value: said(image.value),
        lower: lowerWords(words, image.lower, { images, exact }),
    });
}

/**
 * @param {Words} words
 * @param {number} count of files that are not in the index
 */
export function skippedWords(words, count) {
    return count === 1 ? words.skipped_one : filled(words.skipped, { n: count });
}

/**
 * @param {Words} words
 * @param {Pick<UnitFolder, "name" | "files">} folder that the server's owner named
 */
export function offerWords(words, { name, files }) {
    return filled(files === 1 ? words.offer_one : words.offer, { folder: name, n: files });
}

/**
 * What is being indexed and how far that is; the bar beside it says the same as a length.
 * @param {Words} words
 * @param {[n: number, of: number] | null} counted
 * @param {string} [folder] none: the sample photographs
 */
export function indexingWords(words, counted, folder = "") {
    const sentence = `indexing${folder ? "_folder" : ""}${counted ? "_counted" : ""}`,
        [n, of] = counted ?? [0, 0];
    return filled(words[sentence], { n, of, folder });
}
