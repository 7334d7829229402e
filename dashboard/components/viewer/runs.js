// The runs that are shown, in their order.

/**
 * @import { Run } from "../messages.js"
 * @import { Mode } from "./mode.js"
 * @import { Words } from "./words.js"
 */

import { BOARD, RUN } from "./mode.js";
import { Record } from "./record.js";
import { together } from "./status.js";

export class Runs {
    /** @type {Mode} */
    mode = RUN;
    /** @type {Map<string, Record>} */
    records = new Map();

    /** @param {Words} words */
    constructor(words) {
        this.words = words;
    }

    /**
     * What is known of those that stay, stays. Returns the records that are new.
     * @param {Run[]} runs
     * @param {boolean} board whether they belong together
     */
    keep(runs, board) {
        const known = this.records;
        this.mode = board ? BOARD : RUN;
        this.records = new Map(runs.map((run) => [run.key, known.get(run.key) ?? new Record(run, this.words)]));
        runs.forEach((run) => this.get(run.key)?.describe(run));
        return this.all.filter((record) => !known.has(record.key));
    }

    /** @param {string} key */
    get(key) {
        return this.records.get(key);
    }

    get size() {
        return this.records.size;
    }

    get keys() {
        return [...this.records.keys()];
    }

    get all() {
        return [...this.records.values()];
    }

    /** The one in focus. @returns {Record | undefined} */
    get first() {
        return this.all.find((record) => !record.ended) ?? this.all[0];
    }

    /** Where they stand together. */
    get header() {
        return this.size
            ? together(
                  this.words,
                  this.all.map((record) => record.header),
              )
            : null;
    }

    /** The last iteration that has come of each. */
    get received() {
        return Object.fromEntries(this.all.map((record) => [record.key, record.last]));
    }

    get ended() {
        return this.size > 0 && this.all.every((record) => record.ended);
    }

    /** The keys of those that are saved together; none before there is a picture. */
    get saved() {
        const saved = this.first ? this.mode.saved(this.all, this.first) : [];
        return saved.some((record) => record.header.recorded) ? saved.map((record) => record.key) : [];
    }
}
