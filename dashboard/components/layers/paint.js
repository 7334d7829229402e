// A sheet as one bitmap, coloured anew when there is another sheet, scale or table: what is drawn of it is cut out.

/** @import { Sheet } from "./sheet.js" */

/**
 * The table's colours as a canvas holds them, red in the lowest byte.
 * @param {Uint8Array} table 256 colours of three bytes
 */
export function packed(table) {
    return Uint32Array.from({ length: 256 }, (_, i) => {
        const [red, green, blue] = table.subarray(3 * i, 3 * i + 3);
        return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    });
}

/**
 * How many maps lie side by side in the bitmap, so that it is about as wide as high.
 * @param {Sheet["header"]} header
 */
export function acrossOf({ channels, rows, columns }) {
    return Math.max(1, Math.min(channels, Math.round(Math.sqrt((channels * rows) / columns))));
}

/**
 * @param {Sheet} sheet
 * @param {ArrayLike<number>} scales the value at the end of the table for each channel
 * @param {Uint32Array} table
 * @param {Uint32Array} pixels of the bitmap, row by row
 */
export function paint({ header, tops, values }, scales, table, pixels) {
    const { channels, rows, columns } = header,
        across = acrossOf(header),
        width = across * columns;
    for (let channel = 0, i = 0; channel < channels; channel++) {
        const unit = scales[channel] ? (tops[channel] / scales[channel]) * (255 / 254) : 0;
        let at = Math.floor(channel / across) * rows * width + (channel % across) * columns;
        for (let row = 0; row < rows; row++, at += width)
            for (let column = 0; column < columns; column++)
                pixels[at + column] = table[Math.max(0, Math.min(255, (values[i++] * unit + 128) | 0))];
    }
}

export class Bitmap {
    /** @type {ImageData | null} */
    image = null;
    across = 1;

    /** @param {Uint8Array} table */
    constructor(table) {
        this.table = packed(table);
        this.canvas = document.createElement("canvas");
    }

    /**
     * @param {Sheet} sheet
     * @param {ArrayLike<number>} scales
     */
    draw(sheet, scales) {
        const { channels, rows, columns } = sheet.header;
        this.across = acrossOf(sheet.header);
        const width = this.across * columns,
            height = Math.ceil(channels / this.across) * rows;
        if (this.image?.width !== width || this.image.height !== height) {
            this.image = new ImageData(width, height);
            Object.assign(this.canvas, { width, height });
        }
        paint(sheet, scales, this.table, new Uint32Array(this.image.data.buffer));
        this.canvas.getContext("2d")?.putImageData(this.image, 0, 0);
    }

    /**
     * The colour of a channel's first cell: red, green, blue.
     * @param {Sheet["header"]} header
     * @param {number} channel
     */
    colour(header, channel) {
        const [left, top] = this.corner(header, channel),
            at = 4 * (top * (this.image?.width ?? 0) + left);
        return this.image?.data.subarray(at, at + 3) ?? [];
    }

    /**
     * Where a channel's map lies in the bitmap.
     * @param {Sheet["header"]} header
     * @param {number} channel
     * @returns {[left: number, top: number]}
     */
    corner({ rows, columns }, channel) {
        return [(channel % this.across) * columns, Math.floor(channel / this.across) * rows];
    }
}
