/**
 * @import { Standing } from "../messages.js"
 * @import { Words } from "./words.js"
 */

import { duration } from "../parts/duration.js";
import { filled } from "../parts/filled.js";

const EVERY = 1000, // ms between two looks; the first one comes when a rate can be known
    HALF = 10_000; // ms after which what was measured counts half: runs that share a device come in turns

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
    /** where it was measured last, from one iteration's end to another's */
    at = 0;
    left = 0;
    /** ms, and what was done in them, the latest counting most */
    time = 0;
    done = 0;

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
        this.#measure(header.iterations - header.iteration, now);
        this.toldAt ??= now;
        if (now - this.toldAt < EVERY) return null;
        this.toldAt = now;
        return paceOf(this.words, this.done ? { ...header, rate: (1000 * this.done) / this.time } : header);
    }

    /**
     * @param {number} left iterations; more than before: of another run
     * @param {number} now ms
     */
    #measure(left, now) {
        const passed = now - this.at,
            done = this.left - left;
        if (this.toldAt === null || done < 0) Object.assign(this, { at: now, left, time: 0, done: 0 });
        else if (done > 0 && passed >= EVERY) {
            const kept = 0.5 ** (passed / HALF);
            Object.assign(this, { at: now, left, time: kept * this.time + passed, done: kept * this.done + done });
        }
    }
}
