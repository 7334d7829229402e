// What this page knows about one run: its latest header, and every curve point as columns of plain numbers.

/**
 * @import { Header, Point, Preview, Run, Standing, Value } from "../messages.js"
 * @import { Words } from "./words.js"
 */

import { filled } from "../parts/filled.js";
import { ENDED } from "./status.js";

export class Record {
    key = "";
    title = "";
    /** @type {string[]} */
    captions = [];
    about = "";
    /** @type {number | null} its place among the colours of a board; null: its pictures have their own */
    colour = null;
    /** @type {Preview | null} */
    preview = null;
    /** @type {number | null} until which iteration a preview stands for the picture, once that is known */
    until = null;
    /** @type {number[]} */
    iterations = [];
    /** @type {Map<string, Value[]>} "score 0", "gradient 0", "penalty L1 norm" -> numbers, one per iteration */
    columns = new Map();
    /** @type {Map<number, string>} iteration -> sentence */
    marks = new Map();
    images = 0;
    /** @type {Standing} */
    header = { status: "waiting", error: "", iteration: 0, iterations: 0, diagnosis: null, recorded: null, rate: 0 };

    /**
     * @param {Run} run
     * @param {Words} words
     */
    constructor(run, words) {
        this.words = words;
        this.describe(run);
    }

    /** @param {Run} run */
    describe({ key, title, captions, about, colour, preview }) {
        Object.assign(this, { key, title, captions, about, colour, preview });
    }

    /**
     * Of one of its pictures, what tells it apart first: names are cut where there is no room.
     * @param {number} image
     */
    name(image) {
        const numbered = filled(this.words.picture_n, { n: image + 1 }),
            own = this.captions[image] ?? (this.title || numbered);
        if (this.images <= this.captions.length) return own;
        return this.title.replace(/^(\d+\. )?/, `$1${numbered}, `);
    }

    /** Whether another picture may stand for the run's own: until that is clear, or somebody wants to look at it. */
    get blurred() {
        const { iteration, status } = this.header;
        return iteration < (this.until ?? this.preview?.until ?? 0) && ["waiting", "running"].includes(status);
    }

    /**
     * The gallery's picture has come: a small one is clearer for a shorter time.
     * @param {number} width 0: there is none
     */
    previewed(width) {
        if (!this.preview) return;
        const { until, iterations } = this.preview;
        this.until = Math.min(until, Math.round(iterations * (width / this.preview.width) ** 2));
    }

    get last() {
        return this.iterations.at(-1) ?? 0;
    }

    /** Score and rank under views that the picture was not made with, once they are known. */
    get heldOut() {
        return this.header.heldOut ?? null;
    }

    /** What decides which pictures and which columns of numbers there are. */
    get shape() {
        return [this.images, this.ended, this.heldOut?.score].join();
    }

    get ended() {
        return ENDED.includes(this.header.status);
    }

    /** @param {Header} header */
    merge(header) {
        const { points, marks, ...rest } = header;
        this.header = rest;
        for (const [iteration, sentence] of marks) this.marks.set(iteration, sentence);
        for (const point of points) if (point[0] > this.last) this.add(point);
    }

    /** @param {Point} point */
    add([iteration, scores, penalties, gradients]) {
        scores.forEach((value, image) => this.put(`score ${image}`, value));
        gradients.forEach((value, image) => this.put(`gradient ${image}`, value));
        for (const [name, value] of Object.entries(penalties)) this.put(`penalty ${name}`, value);
        this.iterations.push(iteration);
        this.images = scores.length;
        for (const column of this.columns.values()) if (column.length < this.iterations.length) column.push(null);
    }

    /**
     * @param {string} name
     * @param {Value} value
     */
    put(name, value) {
        const column = this.columns.get(name) ?? new Array(this.iterations.length).fill(null);
        column.push(value);
        this.columns.set(name, column);
    }

    /**
     * The score of an image at an iteration, or at the newest one.
     * @param {number} image
     */
    score(image, iteration = this.last) {
        const column = this.columns.get(`score ${image}`);
        // Iterations are consecutive, so the place follows from the first one.
        return column?.[iteration - this.iterations[0]] ?? null;
    }
}
