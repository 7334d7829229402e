// What is said of a unit.

/** @import { UnitPatch, UnitReady } from "../messages.js" */

import { number } from "../parts/numbers.js";

/** @param {number} percentile */
export function percentileWords(percentile) {
    return `higher than ${Math.round(percentile)} % of the images`;
}

/** @param {UnitReady} answer */
export function behindWords({ images, about, small, source }) {
    const of = source === "samples" ? `${images} parts of ${about}` : `${images} images of ${about}`;
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
 */
export function patchWords(kind, place, [image, row, column, value, percentile]) {
    const cell = `row ${row}, column ${column} of the map`,
        said = `value ${number(value)}, ${percentileWords(percentile)}`;
    return `${kind} ${place + 1}: part of image ${image}, ${cell}, ${said}`;
}
