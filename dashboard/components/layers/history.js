// The last seconds before the camera: what it saw, and the sheets of the layer that is shown. Within a bound of memory.

/** @import { Sheet } from "./sheet.js" */

import { Changes } from "./changes.js";

const SECONDS = 10,
    BYTES = 48 << 20;
const ENOUGH = 24; // moments that tell how much has changed

/**
 * @typedef {object} Moment
 * @property {number} time ms, when the camera saw it
 * @property {Blob} frame JPEG
 * @property {Sheet | null} sheet none while the network was not asked about this layer
 */

export class History {
    /** @type {Moment[]} the oldest first */
    moments = [];
    changes = new Changes();

    /** @param {Moment} moment */
    add(moment) {
        this.moments.push(moment);
        if (moment.sheet) this.changes.add(moment.sheet);
        while (moment.time - this.moments[0].time > 1000 * SECONDS || this.#bytes > BYTES) this.#drop();
    }

    /**
     * @param {Moment} moment
     * @param {Sheet} sheet its own, once the network was asked
     */
    fill(moment, sheet) {
        if (moment.sheet) this.changes.remove(moment.sheet);
        moment.sheet = sheet;
        this.changes.add(sheet);
    }

    /** One that the network was not asked about, of those that tell how the seconds went. */
    get missing() {
        const every = Math.ceil(this.moments.length / ENOUGH);
        return this.moments.find(({ sheet }, index) => !sheet && index % every === 0) ?? null;
    }

    #drop() {
        const { sheet } = /** @type {Moment} */ (this.moments.shift());
        if (sheet) this.changes.remove(sheet);
    }

    get #bytes() {
        return this.moments.reduce((sum, { frame, sheet }) => sum + frame.size + (sheet?.values.length ?? 0), 0);
    }

    /** Another layer is shown: what was seen stays, for the network to be asked again. */
    turn() {
        this.changes.clear();
        for (const moment of this.moments) moment.sheet = null;
    }

    /**
     * The largest top that each channel has had: a map is brighter when its channel is stronger than before.
     * @param {Sheet} sheet the one that is shown
     */
    tops({ tops }) {
        const largest = Float32Array.from(tops);
        for (const { sheet } of this.moments)
            sheet?.tops.forEach((top, channel) => (largest[channel] = Math.max(largest[channel], top)));
        return largest;
    }

    /**
     * How much each channel has changed: 0 where it is less than half a step of the values as they come.
     * @param {Sheet} sheet the one that is shown
     */
    changed(sheet) {
        const tops = this.tops(sheet);
        return this.changes.of(tops.length).map((change, channel) => (change < tops[channel] / 254 ? 0 : change));
    }

    clear() {
        this.moments = [];
        this.changes.clear();
    }
}
