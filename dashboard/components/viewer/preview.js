// What the gallery has of the same channel, until the run's own picture is clearer; usually it has nothing.

/**
 * @import { Record } from "./record.js"
 * @import { Words } from "./words.js"
 */

import { element } from "../parts/element.js";
import { filled } from "../parts/filled.js";

/**
 * @param {Words} words
 * @param {string} live where the runs' files lie
 * @param {Record} record is told how large the picture is
 * @returns {Promise<HTMLImageElement | null>}
 */
export async function previewOf(words, live, record) {
    const image = element("img", {
        alt: words.preview_alt,
        src: `${live}/${record.key}/preview`,
    });
    const there = await image.decode().then(
        () => true,
        () => false,
    );
    record.previewed(image.naturalWidth);
    return there ? image : null;
}

/**
 * @param {Words} words
 * @param {Record} record
 */
export const wordsOf = (words, { until }) => filled(words.preview, { n: until ?? "" });
