// What is masked of the network's picture: a pixel is hidden, or it is not.

/** @import { Frame } from "../messages.js" */

/** @typedef {[row: number, column: number]} Place in pixels, fractions too */

export class Mask {
    /**
     * @param {number} height
     * @param {number} width
     */
    constructor(height, width) {
        this.height = height;
        this.width = width;
        this.hidden = new Uint8Array(height * width);
    }

    get empty() {
        return !this.hidden.includes(1);
    }

    /** How much of the picture is hidden, 0 to 1. */
    get share() {
        return this.hidden.reduce((sum, one) => sum + one, 0) / this.hidden.length;
    }

    clear() {
        this.hidden.fill(0);
    }

    /**
     * A stroke of a round brush, from one place to another.
     * @param {Place} from
     * @param {Place} to
     * @param {number} radius
     * @param {boolean} hide else shows again
     */
    stroke(from, to, radius, hide) {
        const [top, bottom] = [Math.min(from[0], to[0]) - radius, Math.max(from[0], to[0]) + radius],
            [left, right] = [Math.min(from[1], to[1]) - radius, Math.max(from[1], to[1]) + radius];
        for (let row = Math.max(0, Math.floor(top)); row < Math.min(this.height, bottom); row++)
            for (let column = Math.max(0, Math.floor(left)); column < Math.min(this.width, right); column++)
                if (distance([row + 0.5, column + 0.5], from, to) <= radius) this.#set(row, column, hide);
    }

    /**
     * @param {Frame} box
     * @param {boolean} hide else shows again
     */
    box([top, left, height, width], hide) {
        for (let row = Math.max(0, top); row < Math.min(this.height, top + height); row++)
            for (let column = Math.max(0, left); column < Math.min(this.width, left + width); column++)
                this.#set(row, column, hide);
    }

    /**
     * @param {number} row
     * @param {number} column
     * @param {boolean} hide
     */
    #set(row, column, hide) {
        this.hidden[row * this.width + column] = Number(hide);
    }

    /** Eight pixels a byte, the first in its highest bit, row by row; in Base64. */
    packed() {
        const bytes = new Uint8Array(Math.ceil(this.hidden.length / 8));
        this.hidden.forEach((one, i) => (bytes[i >> 3] |= one << (7 - (i & 7))));
        return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    }

    /** @param {string} text as `packed` gives it */
    unpack(text) {
        const bytes = atob(text);
        this.hidden.forEach((_, i) => (this.hidden[i] = (bytes.charCodeAt(i >> 3) >> (7 - (i & 7))) & 1));
    }
}

/**
 * The box between two places, in whole pixels.
 * @param {Place} from
 * @param {Place} to
 * @returns {Frame}
 */
export function between(from, to) {
    const [top, bottom] = [from[0], to[0]].sort((a, b) => a - b).map(Math.round),
        [left, right] = [from[1], to[1]].sort((a, b) => a - b).map(Math.round);
    return [top, left, bottom - top, right - left];
}

/**
 * Of a place from a stroke.
 * @param {Place} place
 * @param {Place} from
 * @param {Place} to
 */
function distance([row, column], [top, left], [bottom, right]) {
    const [down, across] = [bottom - top, right - left],
        length = down * down + across * across;
    const along = length ? ((row - top) * down + (column - left) * across) / length : 0,
        nearest = Math.max(0, Math.min(1, along));
    return Math.hypot(row - top - nearest * down, column - left - nearest * across);
}
