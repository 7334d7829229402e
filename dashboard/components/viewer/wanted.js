// Which pictures are to be shown: those of the runs, and the difference of two of them.

/** @import { Record } from "./record.js" */

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
 * @param {Record[]} records
 * @param {(record: Record, image: number) => string} colour
 * @param {string[]} difference the keys of two runs
 * @returns {Wanted[]}
 */
export function wantedOf(records, colour, difference) {
    const wanted = records.flatMap((record) =>
        Array.from({ length: record.images || record.captions.length || 1 }, (_, image) => {
            const caption = record.name(image);
            const { key } = record;
            return { id: `${key} ${image}`, run: key, image, caption, words: caption, colour: colour(record, image) };
        }),
    );
    const [first, second] = difference.map((run) => records.find((record) => record.key === run));
    return first && second ? [...wanted, differenceOf(first, second)] : wanted;
}

/**
 * @param {Record} first
 * @param {Record} second
 * @returns {Wanted}
 */
function differenceOf(first, second) {
    const caption = `difference, doubled, of ${first.title} and ${second.title}`,
        words = `${parseInt(first.title)} \u2212 ${parseInt(second.title)}, doubled`;
    return { id: DIFFERENCE, run: DIFFERENCE, image: 0, caption, words, colour: "" };
}
