// The pictures: one canvas each, in a grid; a click shows one alone, and a single one large. In a sweep the grid has
// headings.

/**
 * @import { Axis } from "../messages.js"
 * @import { Mode } from "./mode.js"
 * @import { Record } from "./record.js"
 * @import { Words } from "./words.js"
 */

import { element, show } from "../parts/element.js";
import { Cell } from "./cell.js";
import { fit, GAP } from "./grid.js";
import { Large } from "./large.js";
import { DIFFERENCE, wantedOf } from "./wanted.js";
import { digits } from "./words.js";

const HEADING = 40,
    SIDE = 96; // px: height of the headings above a sweep, width of those beside it

/**
 * @typedef {object} Arrangement
 * @property {Mode} mode
 * @property {number} across so many side by side, in a sweep; 0: as it fits
 * @property {Axis[]} axes of a sweep
 * @property {string[]} difference the keys of two runs whose difference is shown too
 */

export class Pictures {
    /** @type {Cell[]} */
    cells = [];
    /** @type {Cell | null} the one that is shown, of many */
    alone = null;
    across = 0;
    /** of a caption where there is little room */
    lines = 2;
    /** @type {string[]} */
    pair = [];
    /** @type {HTMLElement[][]} those above the columns, those beside the rows; none but of a sweep */
    headings = [];
    headed = "[]";

    /**
     * @param {Words} words
     * @param {(run: string) => void} chosen called when a picture of it was clicked
     */
    constructor(words, chosen) {
        this.words = words;
        this.large = new Large(words);
        this.chosen = chosen;
        this.node = element("div", { className: "av-pictures" });
        this.node.style.setProperty("--av-scored", `"${words.scored} "`);
        this.observer = new ResizeObserver(() => this.arrange());
        this.observer.observe(this.node);
    }

    /**
     * As many cells as these runs have pictures, and one for the difference of two. A cell stays with its run. If the
     * mode says so, one whose run is gone goes to the next new run, and keeps its picture, dimmed, until that run's
     * first.
     * @param {Record[]} records
     * @param {(record: Record, image: number) => string} colour that of its curve
     * @param {Arrangement} arrangement
     */
    keep(records, colour, { mode, across, axes, difference }) {
        const wanted = wantedOf(this.words, records, colour, difference),
            known = new Map(this.cells.map((cell) => [cell.id, cell])),
            ids = new Set(wanted.map(({ id }) => id));
        const free = mode.inherits ? this.cells.filter((cell) => !ids.has(cell.id)) : [];
        const made = () => new Cell(this.words, (cell) => this.click(cell));
        this.cells = wanted.map(({ id }) => known.get(id) ?? free.shift() ?? made());
        if (this.alone && !this.cells.includes(this.alone)) this.alone = null;
        Object.assign(this, { across, pair: difference });
        this.cells.forEach((cell, index) => {
            cell.take(wanted[index]);
            cell.label(wanted[index], index, wanted.length < 2, across > 0);
        });
        this.lines = records.some((record) => record.images > record.captions.length) ? 3 : 2;
        this.node.style.setProperty("--av-lines", String(this.lines));
        this.head(axes);
        this.place();
        this.subtract();
        this.arrange();
    }

    /** @param {Cell} cell */
    click(cell) {
        if (this.cells.length < 2 && !this.across) return this.large.open(cell.canvas);
        if (!this.across) this.alone = this.alone ? null : cell; // in a sweep a click chooses
        if (cell.id !== DIFFERENCE) this.chosen(cell.run);
        this.arrange();
    }

    /**
     * What varies along the two sides of a sweep, and its values.
     * @param {Axis[]} axes
     */
    head(axes) {
        const text = JSON.stringify(axes);
        if (text === this.headed) return;
        this.headed = text;
        this.headings = axes.map(({ name, values }, index) => values.map((value) => heading(index, name, value)));
    }

    // Headings and cells in the order in which they are read; only what has moved is touched.
    place() {
        const [top = [], side = []] = this.headings,
            { children } = this.node;
        const nodes = this.cells.flatMap(({ node }, index) =>
            side.length && index % this.across === 0 ? [side[index / this.across], node] : [node],
        );
        nodes.unshift(...top);
        if (nodes.length !== children.length || nodes.some((node, index) => children[index] !== node))
            this.node.replaceChildren(...nodes);
        top.forEach((node, index) => {
            node.style.gridArea = `1 / ${index + 2}`;
        });
        side.forEach((node, index) => {
            node.style.gridArea = `${index + 2} / 1`;
        });
        this.cells.forEach(({ node }, index) => {
            const row = Math.floor(index / this.across) + 2;
            node.style.gridArea = side.length ? `${row} / ${(index % this.across) + 2}` : "";
        });
    }

    /** @param {string} run */
    of(run) {
        return this.cells.filter((cell) => cell.run === run);
    }

    /**
     * @param {string} run
     * @param {ImageBitmap[]} bitmaps
     */
    draw(run, bitmaps) {
        let resized = false;
        for (const cell of this.of(run)) {
            const bitmap = bitmaps[cell.image];
            if (!bitmap) continue;
            if (cell.draw(bitmap)) resized = true;
            this.large.draw(cell.canvas);
        }
        bitmaps.forEach((bitmap) => bitmap.close());
        if (this.pair.includes(run)) this.subtract();
        if (resized) this.arrange();
    }

    /**
     * Another picture over those of a run, until it is uncovered.
     * @param {string} run
     * @param {HTMLImageElement} image
     * @param {string} words
     */
    preview(run, image, words) {
        this.of(run).forEach((cell) => cell.preview(image, words));
    }

    /** @param {string} run */
    uncover(run) {
        this.of(run).forEach((cell) => cell.uncover());
    }

    subtract() {
        const [first, second] = this.pair.map((run) => this.of(run)[0]?.canvas);
        const cell = this.cells.find(({ id }) => id === DIFFERENCE);
        if (first && second) cell?.subtract(first, second);
    }

    /**
     * The cells of a run stand out.
     * @param {string | null} run null: nobody's
     */
    highlight(run) {
        for (const cell of this.cells) cell.node.classList.toggle("av-marked", run !== null && cell.run === run);
    }

    /**
     * A run that ended before its first picture leaves nothing of its predecessor in the frame.
     * @param {string} run
     */
    clear(run) {
        this.of(run).forEach((cell) => cell.clear());
    }

    /**
     * @param {Record} record
     * @param {number} [iteration]
     */
    scores(record, iteration) {
        for (const { image, score } of this.of(record.key)) {
            const value = record.score(image, iteration);
            show(score, value === null ? "" : digits(this.words, value));
        }
    }

    // All that is shown, as one picture.
    sheet() {
        const canvases = this.cells.filter(({ node }) => !node.hidden).map(({ canvas }) => canvas),
            width = Math.max(...canvases.map((canvas) => canvas.width)),
            height = Math.max(...canvases.map((canvas) => canvas.height)),
            across = this.across || Math.ceil(Math.sqrt(canvases.length));
        const sheet = element("canvas", {
            width: across * width,
            height: Math.ceil(canvases.length / across) * height,
        });
        const context = sheet.getContext("2d");
        canvases.forEach((canvas, index) =>
            context?.drawImage(canvas, (index % across) * width, Math.floor(index / across) * height),
        );
        return sheet;
    }

    /**
     * What is said of each picture to those who cannot see it.
     * @param {(run: string, image: number, name: string) => string} words
     */
    describe(words) {
        for (const cell of this.cells)
            cell.describe(cell.id === DIFFERENCE ? cell.name : words(cell.run, cell.image, cell.name));
    }

    arrange() {
        const headed = this.headings.length > 0,
            { node, alone } = this,
            width = node.clientWidth - (headed ? SIDE + GAP : 0),
            height = node.clientHeight - (headed ? HEADING : 0);
        node.classList.toggle("av-alone", Boolean(alone));
        for (const cell of this.cells) cell.node.hidden = Boolean(alone) && cell !== alone;
        const cells = this.cells.filter((cell) => !cell.node.hidden);
        if (!cells.length || width <= 0 || height <= 0) return;
        const tall = cells.map(({ canvas }) => canvas.height / canvas.width);
        node.parentElement?.style.setProperty("--av-tallest", String(Math.max(...tall)));
        const grid = fit(tall, width, height, alone ? 0 : this.across, this.lines);
        node.classList.toggle("av-narrow", grid.narrow);
        node.classList.toggle("av-lines", grid.lines);
        node.classList.toggle("av-tiny", grid.tiny);
        node.style.gridTemplateColumns = `${headed ? `${SIDE}px ` : ""}repeat(${grid.columns}, ${grid.width}px)`;
        for (const cell of cells) cell.resize(grid.width);
    }

    close() {
        this.observer.disconnect();
    }
}

/**
 * @param {number} side 0: above a column, 1: beside a row
 * @param {string} name what varies
 * @param {string} value
 */
function heading(side, name, value) {
    const words = [element("span", {}, name), " ", element("strong", {}, value)];
    return element("div", { className: `av-heading av-${side ? "side" : "top"}` }, ...words);
}
