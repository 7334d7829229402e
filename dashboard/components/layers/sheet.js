// A sheet: every channel's map of a layer. As a message:
// uint32 length of the header, little-endian | header, JSON, padded: what follows lies at a multiple of 4 |
// float32 tops | float32 peaks | int8 values, channel by channel, row by row: value = byte / 127 * top of its channel

/** @import { SheetHeader } from "../messages.js" */

/**
 * @typedef {object} Sheet
 * @property {SheetHeader} header
 * @property {Float32Array} tops the largest absolute value of each map
 * @property {Float32Array} peaks the largest value of each map
 * @property {Int8Array} values
 */

/**
 * @param {ArrayBuffer} buffer
 * @returns {Sheet}
 */
export function decode(buffer) {
    const length = new DataView(buffer).getUint32(0, true);
    /** @type {SheetHeader} */
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    const { channels, rows, columns } = header,
        start = 4 + length,
        values = new Int8Array(buffer, start + 8 * channels);
    if (values.length !== channels * rows * columns) throw new Error("a sheet of another size");
    const tops = new Float32Array(buffer, start, channels),
        peaks = new Float32Array(buffer, start + 4 * channels, channels);
    return { header, tops, peaks, values };
}

/** @typedef {{ channel: number, row: number, column: number }} Cell of the sheet */

/**
 * @param {Sheet} sheet
 * @param {Cell} cell
 */
export function valueOf({ header, tops, values }, { channel, row, column }) {
    const { rows, columns } = header;
    return (values[(channel * rows + row) * columns + column] / 127) * tops[channel];
}
