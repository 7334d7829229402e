// Which pictures are to be shown: those of the runs, and the difference of two of them.

/**
 * @import { Record } from "./record.js"
 * @import { Words } from "./words.js"
 */

import { filled } from "../parts/filled.js";

export const DIFFERENCE = "difference";

/**
 * @typedef {object} Wanted
 * @property {string} id
 * @property {string} run
 * @property {number} image
 * @property {string} caption
 * @property {string} words what stands under it
 * @property {string} colour that of its curve; "": it has none
 */

/**
 * @param {Words} words
 * @param {Record[]} records
 * @param {(record: Record, image: number) => string} colour
 * @param {string[]} difference the keys of two runs
 * @returns {Wanted[]}
 */
export function wantedOf(words, records, colour, difference) {
    const wanted = records.flatMap((record) =>
        Array.from({ length: record.images || record.captions.length || 1 }, (_, image) => {
            const caption = record.name(image);
            const { key } = record;
            return { id: `${key} ${image}`, run: key, image, caption, words: caption, colour: colour(record, image) };
        }),
    );
    const [first, second] = difference.map((run) => records.find((record) => record.key === run));
    return first && second ? [...wanted, differenceOf(words, first, second)] : wanted;
}

/**
 * @param {Words} words
 * @param {Record} first
 * @param {Record} second
 * @returns {Wanted}
 */
function differenceOf(words, first, second) {
    const numbers = { first: parseInt(first.title), second: parseInt(second.title) };
    return {
        id: DIFFERENCE,
        run: DIFFERENCE,
        image: 0,
        caption: filled(words.difference, { first: first.title, second: second.title }),
        words: filled(words.difference_short, numbers),
        colour: "",
    };
}
