// How much each channel's map has changed: the standard deviation over time, in the channel's own unit, as the root
// mean square over its places. Sums are kept, so that a sheet more or less costs one look at it.

/** @import { Sheet } from "./sheet.js" */

export class Changes {
    count = 0;
    sums = new Float64Array(0);
    squares = new Float64Array(0);

    clear() {
        this.count = 0;
        this.sums = new Float64Array(0);
        this.squares = new Float64Array(0);
    }

    /** @param {Sheet} sheet */
    add(sheet) {
        if (this.sums.length !== sheet.values.length) {
            this.count = 0;
            this.sums = new Float64Array(sheet.values.length);
            this.squares = new Float64Array(sheet.values.length);
        }
        this.#sum(sheet, 1);
    }

    /** @param {Sheet} sheet one that was added */
    remove(sheet) {
        if (this.sums.length === sheet.values.length) this.#sum(sheet, -1);
    }

    /**
     * @param {Sheet} sheet
     * @param {1 | -1} sign
     */
    #sum({ header, tops, values }, sign) {
        const { sums, squares } = this,
            size = header.rows * header.columns;
        this.count += sign;
        for (let channel = 0, i = 0; channel < header.channels; channel++) {
            const unit = tops[channel] / 127;
            for (const end = i + size; i < end; i++) {
                const value = values[i] * unit;
                sums[i] += sign * value;
                squares[i] += sign * value * value;
            }
        }
    }

    /**
     * @param {number} channels
     * @returns {Float32Array} one number a channel, 0 or larger
     */
    of(channels) {
        const { count, sums, squares } = this,
            changes = new Float32Array(channels),
            size = sums.length / channels;
        if (count < 2) return changes;
        for (let channel = 0, i = 0; channel < channels; channel++) {
            let variance = 0;
            for (const end = i + size; i < end; i++) variance += squares[i] / count - (sums[i] / count) ** 2;
            changes[channel] = Math.sqrt(Math.max(0, variance / size));
        }
        return changes;
    }
}
