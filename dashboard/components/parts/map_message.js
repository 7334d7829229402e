// uint32 length of the header, little-endian | header, JSON | int8 values, row by row: value = byte / 127 * top

/** @import { MapHeader } from "../messages.js" */

/**
 * @typedef {object} MapNews
 * @property {MapHeader} header
 * @property {Int8Array} values none while there is no map yet
 */

/**
 * @param {ArrayBuffer} buffer
 * @returns {MapNews}
 */
export function decode(buffer) {
    const length = new DataView(buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    const values = new Int8Array(buffer, 4 + length);
    if (values.length && values.length !== header.height * header.width) throw new Error("a map of another size");
    return { header, values };
}
