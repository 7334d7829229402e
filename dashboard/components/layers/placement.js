// Where a layer's cells lie in the picture: in the middle of what they see of it.

/**
 * @import { SheetHeader } from "../messages.js"
 * @import { Spot } from "../parts/overlay.js"
 */

/** @typedef {[top: number, left: number, height: number, width: number]} Box px of the picture */
/** @typedef {[row: number, column: number]} Point px from the picture's top and left */

/**
 * Along one side: the middle of the first cell, and how far it is to the next one, in shares of the side.
 * @typedef {{ first: number, step: number, count: number }} Side
 */

/** @typedef {{ rows: Side, columns: Side }} Placement */

/**
 * What is assumed before the server has said more: cells that share the picture evenly.
 * @param {SheetHeader} header
 * @returns {Placement}
 */
export function evenly({ rows, columns }) {
    const side = (/** @type {number} */ count) => ({ first: 0.5 / count, step: 1 / count, count });
    return { rows: side(rows), columns: side(columns) };
}

/**
 * @param {SheetHeader} header
 * @param {Point} first the middle of the first cell
 * @param {Point} last that of the first cell that the sheet's last one stands for
 * @returns {Placement}
 */
export function placed({ rows, columns, reduced, height, width }, first, last) {
    /** @type {(count: number, length: number, from: number, to: number) => Side} */
    const side = (count, length, from, to) => {
        const step = count > 1 ? (to - from) / (count - 1) : length,
            start = count > 1 ? from + (step * (reduced - 1)) / (2 * reduced) : length / 2;
        return { first: start / length, step: step / length, count };
    };
    return {
        rows: side(rows, height, first[0], last[0]),
        columns: side(columns, width, first[1], last[1]),
    };
}

/**
 * The cell that lies nearest.
 * @param {Placement} placement
 * @param {Spot} spot
 */
export function cellAt({ rows, columns }, { x, y }) {
    /** @type {(side: Side, share: number) => number} */
    const nearest = ({ first, step, count }, share) =>
        Math.max(0, Math.min(count - 1, Math.round((share - first) / step)));
    return { row: nearest(rows, y), column: nearest(columns, x) };
}

/**
 * A map with a rim around it that goes on as the map ends, and where it lies, in shares of the picture: pixels between
 * the middles of the outer cells and the picture's edge have a colour too.
 * @param {Int8Array} values
 * @param {Placement} placement
 */
export function rimmed(values, { rows, columns }) {
    const [height, width] = [rows.count + 2, columns.count + 2],
        wide = new Int8Array(height * width);
    for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++) {
            const from = Math.max(0, Math.min(rows.count - 1, row - 1)) * columns.count;
            wide[row * width + column] = values[from + Math.max(0, Math.min(columns.count - 1, column - 1))];
        }
    const start = (/** @type {Side} */ { first, step }) => first - 1.5 * step;
    return {
        ...{ values: wide, rows: height, columns: width, top: start(rows), left: start(columns) },
        ...{ height: height * rows.step, width: width * columns.step },
    };
}
