// Maps of one cell: pooled features, classes. There is no map to see: each is its number on its colour, with its name.

/** @import { SheetHeader } from "../messages.js" */

const NAMED = { smallest: 132, usual: 140 }; // px, so that most names have room

/** @param {Pick<SheetHeader, "rows" | "columns">} header */
export function isSingle({ rows, columns }) {
    return rows * columns === 1;
}

/**
 * How a layer's maps are laid out: width by height, and how wide they are at least.
 * @param {SheetHeader} header
 * @returns {[proportions: number, least?: { smallest: number, usual: number }]}
 */
export function layoutOf(header) {
    if (!isSingle(header)) return [header.columns / header.rows];
    return header.names.length ? [4, NAMED] : [2];
}

/**
 * Black or white, whichever is read more easily on that colour (WCAG 2, relative luminance).
 * @param {ArrayLike<number>} colour red, green, blue, 0 to 255
 */
export function inkOn(colour) {
    const [red, green, blue] = Array.from(colour, (part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}

/**
 * As much of a text as has room.
 * @param {{ measureText: (text: string) => { width: number } }} context
 * @param {string} text
 * @param {number} width px
 */
export function fitted(context, text, width) {
    if (context.measureText(text).width <= width) return text;
    let length = Math.min(text.length, Math.ceil(width / 3));
    while (length > 0 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
    return `${text.slice(0, length)}…`;
}
