// What the gallery has of the same channel, until the run's own picture is clearer; usually it has nothing.

/** @import { Record } from "./record.js" */

import { element } from "../parts/element.js";

/**
 * @param {string} live where the runs' files lie
 * @param {Record} record is told how large the picture is
 * @returns {Promise<HTMLImageElement | null>}
 */
export async function previewOf(live, record) {
    const image = element("img", {
        alt: "The same channel, from the gallery",
        src: `${live}/${record.key}/preview`,
    });
    const there = await image.decode().then(
        () => true,
        () => false,
    );
    record.previewed(image.naturalWidth);
    return there ? image : null;
}

/** @param {Record} record */
export const wordsOf = ({ until }) =>
    `The Gallery's picture of this channel. At iteration ${until} this run's own is clearer and takes its place.`;
