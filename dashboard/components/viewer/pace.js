/**
 * @import { Standing } from "../messages.js"
 * @import { Words } from "./words.js"
 */

import { duration } from "../parts/duration.js";
import { filled } from "../parts/filled.js";

const EVERY = 1000; // ms between two looks; the first one comes when a rate can be known

/**
 * The rate, and the time left at that rate, in words; "" where it cannot be known.
 * @param {Words} words
 * @param {Pick<Standing, "rate" | "iteration" | "iterations"> | null} header of a run that is getting on
 */
export function paceOf(words, header) {
    if (!header?.rate) return { rate: "", left: "" };
    const { rate, iteration, iterations } = header,
        left = (iterations - iteration) / rate;
    return {
        rate: filled(words.rate, { n: rate.toFixed(rate < 100 ? 1 : 0).replace(".", words.decimal) }),
        left: Number.isFinite(left) ? filled(words.left, { time: duration(left) }) : "",
    };
}

/** Both change together, and once a second, so that they can be read; nothing stands where nothing is getting on. */
export class Pace {
    /** @type {number | null} */
    toldAt = null;

    /** @param {Words} words */
    constructor(words) {
        this.words = words;
    }

    /**
     * @param {Pick<Standing, "rate" | "iteration" | "iterations"> | null} header
     * @param {number} now ms
     * @returns {{ rate: string, left: string } | null} null: what stands there stays
     */
    look(header, now) {
        if (!header) {
            this.toldAt = null;
            return paceOf(this.words, null);
        }
        this.toldAt ??= now;
        if (now - this.toldAt < EVERY) return null;
        this.toldAt = now;
        return paceOf(this.words, header);
    }
}
