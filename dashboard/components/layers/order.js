// The order of the sheet, and the number beside each channel. While the camera runs it changes once a second only, and
// never under the pointer: what moves all the time cannot be read.

/**
 * @import { History } from "./history.js"
 * @import { Sheet } from "./sheet.js"
 * @import { By } from "./sorting.js"
 */

import { sorted } from "./sorting.js";

const SELDOM = 1000; // ms

export class Order {
    /** @type {number[]} channels */
    list = [];
    /** @type {Float32Array} one number a channel: its largest value, or how much it has changed */
    numbers = new Float32Array(0);
    /** what it is the order of */
    of = "";
    time = 0;

    /**
     * @param {By} by
     * @param {Sheet} sheet
     * @param {History} history
     * @param {{ moving: boolean, held: boolean, now: number }} when
     */
    update(by, sheet, history, { moving, held, now }) {
        const { layer, channels } = sheet.header,
            of = [by, layer, channels].join();
        this.numbers = by === "change" ? history.changed(sheet) : sheet.peaks;
        if (of === this.of && moving && (held || now - this.time < SELDOM)) return;
        this.of = of;
        this.time = now;
        this.list = sorted(by, this.numbers);
    }

    /**
     * The channel that comes so many places after another one.
     * @param {number} channel
     * @param {number} by
     */
    after(channel, by) {
        return this.list[this.list.indexOf(channel) + by];
    }
}
