// What is said of a layer, of a channel and of a place in its map.

/**
 * @import { Cell, Sheet } from "./sheet.js"
 * @import { By } from "./sorting.js"
 */

import { number, rounded } from "../parts/numbers.js";
import { ordinal } from "../parts/saving.js";
import { valueOf } from "./sheet.js";

/** @type {{ [by in By]: string }} */
export const ORDER_WORDS = {
    strength: "strength",
    change: "change over time",
    number: "channel number",
};

/** @param {Sheet["header"]} header */
export function sizeWords({ channels, rows, columns, reduced }) {
    const size = `${channels} ${channels === 1 ? "channel" : "channels"} of ${rows} × ${columns}`;
    return reduced > 1 ? `${size}, each cell the strongest of ${reduced} × ${reduced}` : size;
}

/**
 * Which cells of the whole map one of the sheet stands for.
 * @param {string} name
 * @param {number} index
 * @param {number} reduced
 */
function span(name, index, reduced) {
    const first = index * reduced;
    return reduced > 1 ? `${name}s ${first} to ${first + reduced - 1}` : `${name} ${index}`;
}

/**
 * The value in a cell, with as many digits as are known of it.
 * @param {Sheet} sheet
 * @param {Cell} cell
 */
export function cellWords(sheet, cell) {
    const { reduced } = sheet.header,
        place = `${span("row", cell.row, reduced)}, ${span("column", cell.column, reduced)}`;
    return `${place}: ${rounded(valueOf(sheet, cell), sheet.tops[cell.channel] / 127)}`;
}

/**
 * @param {Sheet} sheet
 * @param {number} channel
 * @param {number} place in the order
 * @param {{ by: By, numbers: ArrayLike<number> }} order
 */
export function channelWords(sheet, channel, place, { by, numbers }) {
    const said = `channel ${channel}, largest value ${number(sheet.peaks[channel])}`;
    if (by === "number") return said;
    const change = by === "change" ? `, changed by ${number(numbers[channel])}` : "";
    return `${said}${change}, ${ordinal(place + 1)} of ${sheet.header.channels}`;
}

/**
 * @param {Sheet} sheet
 * @param {number[]} channels the strongest first
 */
export function strongestWords({ peaks }, channels) {
    return channels.map((channel) => `channel ${channel}, largest value ${number(peaks[channel])}`);
}

/** @param {{ theoretical: number[], effective: number[] }} field top, left, height, width */
export function fieldWords({ theoretical, effective }) {
    const size = (/** @type {number[]} */ box) => `${Math.round(box[2])} × ${Math.round(box[3])} px`;
    return `sees ${size(effective)} (effective), ${size(theoretical)} (theoretical)`;
}
