// How large pictures may be that stand side by side, each with a caption under it.

export const GAP = 10; // px
const CAPTION = 30,
    NARROW = 210,
    TINY = 140,
    LINE = 16,
    LINES = 8; // px: LINES is what several lines have around them

/**
 * @typedef {object} Grid
 * @property {number} columns
 * @property {number} width px, of a picture
 * @property {boolean} narrow whether captions are small
 * @property {boolean} lines whether a caption has several lines
 * @property {boolean} tiny whether there is room for nothing but names below pictures side by side
 */

/**
 * The largest equal cells that fit.
 * @param {number[]} tall how high each picture is, as a share of its width
 * @param {number} width px, of all
 * @param {number} height px, of all
 * @param {number} set in so many columns; 0: as many as that takes
 * @param {number} lines of a caption where there is little room
 * @returns {Grid}
 */
export function fit(tall, width, height, set, lines) {
    let best = { width: 0, columns: set || 1 };
    for (let columns = set || 1; columns <= (set || tall.length); columns++) {
        const rows = Math.ceil(tall.length / columns),
            across = (width - GAP * (columns - 1)) / columns,
            together = heights(tall, columns);
        const fitting = (/** @type {number} */ caption) =>
            Math.floor(Math.min(across, (height - GAP * (rows - 1) - caption * rows) / together));
        const roomy = fitting(CAPTION),
            here = roomy < NARROW && !set ? fitting(lines * LINE + LINES) : roomy;
        if (here > best.width) best = { width: here, columns };
    }
    const narrow = best.width < NARROW;
    return { ...best, narrow, lines: narrow && !set, tiny: best.width < TINY && !set && tall.length > 1 };
}

/**
 * Those of all rows, each that of its tallest, as a share of a picture's width.
 * @param {number[]} tall
 * @param {number} columns
 */
function heights(tall, columns) {
    let together = 0;
    for (let first = 0; first < tall.length; first += columns)
        together += Math.max(...tall.slice(first, first + columns));
    return together;
}
