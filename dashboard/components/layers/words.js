// What is said of a layer, of a channel and of a place in its map.

/**
 * @import { Cell, Sheet } from "./sheet.js"
 * @import { By } from "./sorting.js"
 */

import { beside, rounded } from "../parts/numbers.js";
import { ordinal } from "../parts/saving.js";
import { valueOf } from "./sheet.js";

/** @type {{ [by in By]: string }} */
export const ORDER_WORDS = {
    strength: "strength",
    change: "change over time",
    number: "channel number",
};

/** @param {Sheet["header"]} header */
export function sizeWords({ channels, rows, columns, reduced, names }) {
    if (rows * columns === 1 && channels > 1)
        return `${channels} ${names.length ? "classes" : "channels"}, one value each`;
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
 * @param {Sheet} sheet
 * @param {Cell} cell
 */
function valueWords(sheet, cell) {
    const top = sheet.tops[cell.channel];
    return top < largest(sheet) / 1e4 ? "0" : rounded(valueOf(sheet, cell), top / 127);
}

/**
 * The value in a cell, with as many digits as are known of it.
 * @param {Sheet} sheet
 * @param {Cell} cell
 */
export function cellWords(sheet, cell) {
    const { reduced } = sheet.header,
        place = `${span("row", cell.row, reduced)}, ${span("column", cell.column, reduced)}`;
    return `${place}: ${valueWords(sheet, cell)}`;
}

/**
 * @param {Sheet["header"]} header
 * @param {number} channel
 */
export function unitWords({ names }, channel) {
    return names[channel] ? `class ${channel}, ${names[channel]}` : `channel ${channel}`;
}

/**
 * With its value where there is one only, else the largest.
 * @param {Sheet} sheet
 * @param {number} channel
 */
function peakWords(sheet, channel) {
    const value = beside(sheet.peaks[channel], largest(sheet)),
        single = sheet.header.rows * sheet.header.columns === 1;
    return `${unitWords(sheet.header, channel)}${single ? ":" : ", largest value"} ${value}`;
}

/**
 * @param {Sheet} sheet
 * @param {number} channel
 * @param {number} place in the order
 * @param {{ by: By, numbers: ArrayLike<number> }} order
 */
export function channelWords(sheet, channel, place, { by, numbers }) {
    const said = peakWords(sheet, channel);
    if (by === "number") return said;
    const change = numbers[channel] ? `, changed by ${beside(numbers[channel], largest(sheet))}` : ", unchanged";
    return `${said}${by === "change" ? change : ""}, ${ordinal(place + 1)} of ${sheet.header.channels}`;
}

/**
 * @param {Sheet} sheet
 * @param {number[]} channels the strongest first
 */
export function strongestWords(sheet, channels) {
    return channels.map((channel) => peakWords(sheet, channel));
}

/** @param {Sheet} sheet */
export function largest({ tops }) {
    return tops.reduce((most, top) => Math.max(most, top), 0);
}

/** @param {{ theoretical: number[], effective: number[] }} field top, left, height, width */
export function fieldWords({ theoretical, effective }) {
    const size = (/** @type {number[]} */ box) => `${Math.round(box[2])} × ${Math.round(box[3])} px`;
    return `sees ${size(effective)} (effective), ${size(theoretical)} (theoretical)`;
}
