// What is said of a unit.

/** @import { UnitPatch, UnitReady } from "../messages.js" */

import { number } from "../parts/numbers.js";

/**
 * Counted where every value is known; never more than is true of the images.
 * @param {number} lower how many images have a lower value
 * @param {Pick<UnitReady, "images" | "exact">} answer
 */
export function lowerWords(lower, { images, exact }) {
    if (exact) return `higher than ${lower} of the ${images} images`;
    return `higher than about ${Math.floor((100 * lower) / images)} % of the images`;
}

/** @param {UnitReady} answer */
export function behindWords({ images, about, small, source }) {
    const of = source === "samples" ? `${images} images cut from ${about}` : `${images} images of ${about}`;
    return `From ${of}${small ? ": a small index, made here" : ""}.`;
}

/** @param {UnitReady} answer */
export function remarks({ dead, tied, border, images }) {
    if (dead) return ["Dead on these images: its value is zero on each of them."];
    return [
        tied > 1 ? `${tied} of the ${images} images share the highest value: which are shown first says nothing.` : "",
        border ? "A border unit: its highest values lie mostly at the images' border, where padding has a say." : "",
    ].filter(Boolean);
}

/**
 * @param {string} kind
 * @param {number} place
 * @param {UnitPatch} patch
 * @param {Pick<UnitReady, "images" | "exact" | "places">} answer
 */
export function patchWords(kind, place, [, row, column, value, lower, , name], answer) {
    const cell = answer.places ? [`row ${row}, column ${column} of the map`] : [],
        said = [name, ...cell, `value ${number(value)}`, lowerWords(lower, answer)];
    return `${kind} ${place + 1}: ${said.join(", ")}`;
}

/** @param {number} count of files that are not in the index */
export function skippedWords(count) {
    return `${count} ${count === 1 ? "file is" : "files are"} not in it: which, and why`;
}

/** @param {{ about: string, files: number }} folder that the server's owner named */
export function offerWords({ about, files }) {
    return `Index ${about} of this server: ${files} ${files === 1 ? "file" : "files"}`;
}

/**
 * What is being indexed and how far that is; the bar beside it says the same as a length.
 * @param {string} about
 * @param {string} words such as "8 of 55 images", another sentence, or ""
 */
export function indexingWords(about, words) {
    const counted = /^([\d,]+ of [\d,]+) images$/.exec(words);
    if (counted) return `Indexing ${about}: ${counted[1]} done.`;
    return `Indexing ${about} …${words && ` ${words}`}`;
}
