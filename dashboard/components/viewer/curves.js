// The curves: drawn by Plotly a few times a second, beside pictures that come at full rate.

/**
 * @import { Mark } from "../messages.js"
 * @import { Plot, Plotly } from "../parts/plotly.js"
 * @import { Theme } from "../parts/theme.js"
 * @import { Record } from "./record.js"
 * @import { Curve, Row } from "./rows.js"
 * @import { Words } from "./words.js"
 */

import { element } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { plotly } from "../parts/plotly.js";
import { axisOf, escaped, layoutOf, markTrace, shapesOf } from "./figure.js";
import { lone, rowsOf, thin, values } from "./rows.js";

const EVERY = 500; // ms between two updates
const LIMIT = 2000; // drawn points a trace
const CONFIG = {
    displaylogo: false,
    modeBarButtons: [["resetScale2d", "toImage"]],
    doubleClick: "reset",
    responsive: false,
};

export class Curves {
    /** @type {Plotly | null} once it has come */
    library = null;
    /** @type {Record[]} */
    records = [];
    scoreLabel = "";
    revision = "";
    /** @type {Row[]} as they are drawn */
    rows = [];
    /** @type {number[]} so many points of each curve are drawn */
    drawn = [];
    /** @type {number | null} the iteration that the scrubber stands at */
    cursor = null;
    /** @type {string | null} the run whose curves stand in front of the others' */
    marked = null;
    /** what the figure was drawn of */
    shown = "";
    /** whether everything is to be drawn anew; whether anything is to be drawn */
    whole = true;
    stale = false;
    busy = false;
    listening = false;
    pointing = false;
    held = false;
    /** @type {{ clientX: number, clientY: number } | null} */
    pointer = null;

    /**
     * @param {Words} words
     * @param {string} files where Plotly lies
     * @param {Theme} theme
     * @param {(run: string) => void} named called when its name in the legend was clicked
     */
    constructor(words, files, theme, named) {
        this.words = words;
        this.config = { ...CONFIG, ...localeOf(words) };
        this.files = files;
        this.theme = theme;
        this.named = named;
        this.plot = /** @type {Plot} */ (/** @type {HTMLElement} */ (element("div", { className: "av-plot" })));
        this.node = element("div", { className: "av-curves", "data-testid": "curves" }, this.plot);
        this.observer = new ResizeObserver(() => this.redraw());
        this.observer.observe(this.node);
        plotly(files).catch(() => {}); // early, so that it is there when points come; a failure is told when it matters
        this.followPointer();
        this.timer = setInterval(() => this.update(), EVERY);
    }

    // Redrawing takes Plotly's hover label away and would end a zoom that is being drawn.
    followPointer() {
        const letGo = () => {
            this.held = false;
        };
        const hold = () => {
            this.held = true;
            window.addEventListener("mouseup", letGo, { once: true, capture: true });
        };
        this.plot.addEventListener("mousedown", hold, true);
        this.plot.addEventListener("mousemove", ({ clientX, clientY }) => {
            this.pointer = { clientX, clientY };
        });
        this.plot.addEventListener("mouseleave", () => {
            this.pointer = null;
        });
    }

    hoverAgain() {
        if (!this.pointer) return;
        const under = document.elementFromPoint(this.pointer.clientX, this.pointer.clientY);
        if (under && this.plot.contains(under))
            under.dispatchEvent(new MouseEvent("mousemove", { ...this.pointer, bubbles: true, view: window }));
    }

    /**
     * @param {Record[]} records
     * @param {string} scoreLabel
     * @param {Theme} theme
     */
    keep(records, scoreLabel, theme) {
        this.revision = records.map((record) => record.key).join();
        // Curves of runs that are all gone must not stand under new ones until those are drawn.
        if (!records.some((record) => this.records.includes(record))) this.plot.classList.add("av-old");
        Object.assign(this, { records, scoreLabel, theme });
        this.redraw();
    }

    redraw() {
        this.whole = this.stale = true;
    }

    // New points have come.
    touch() {
        this.stale = true;
    }

    /** @returns {Mark[]} */
    get marks() {
        return this.records.flatMap((record) => [...record.marks]);
    }

    /** Whether there is something to draw, and nothing that drawing would disturb. */
    get due() {
        const points = this.records.some((record) => record.iterations.length);
        return this.stale && points && !this.busy && !this.held && this.node.isConnected && !document.hidden;
    }

    async update() {
        if (!this.due) return;
        this.busy = true;
        this.stale = false;
        try {
            this.library = await plotly(this.files);
            const rows = rowsOf(this.words, this.records, this.scoreLabel, this.theme),
                shown = JSON.stringify([rows.map(kindOf), this.marks]);
            if (this.whole || shown !== this.shown || this.full) await this.build(this.library, rows);
            else await this.extend(this.library);
            this.shown = shown;
            this.hoverAgain();
        } catch (problem) {
            console.error("viewer:", problem);
            this.whole = true;
        } finally {
            this.busy = false;
        }
    }

    get curves() {
        return this.rows.flatMap((row) => row.curves);
    }

    /** Whether a curve would have more points than can be drawn swiftly. */
    get full() {
        const data = this.plot.data ?? [];
        return this.curves.some(
            ({ record }, index) => data[index].x.length + record.iterations.length - this.drawn[index] > LIMIT,
        );
    }

    /**
     * @param {Plotly} library
     * @param {Row[]} rows
     */
    async build(library, rows) {
        const { words, marks, cursor, theme, revision, node, marked } = this;
        this.whole = false;
        this.rows = rows;
        this.drawn = this.curves.map((curve) => curve.record.iterations.length);
        const traces = rows.flatMap((row, place) => row.curves.map((curve) => traceOf(words, curve, place, marked)));
        const size = { width: node.clientWidth, height: node.clientHeight };
        const layout = layoutOf({ words, rows, marks, cursor, theme, revision, ...size });
        await library.react(this.plot, [...traces, markTrace(words, marks, theme)], layout, this.config);
        this.plot.classList.remove("av-old");
        if (!this.listening) this.listen();
    }

    // Once: Plotly keeps its listeners when it draws anew.
    listen() {
        this.listening = true;
        this.plot.on("plotly_legendclick", ({ curveNumber }) => {
            this.named(this.curves[curveNumber].record.key);
            return false;
        });
        this.plot.on("plotly_legenddoubleclick", () => false);
    }

    /**
     * The curves of a run in front of the others'.
     * @param {string | null} run null: all alike
     */
    highlight(run) {
        this.marked = run;
        this.redraw();
    }

    /** @param {Plotly} library */
    async extend(library) {
        const late = this.curves
            .map((curve, index) => ({ curve, index, from: this.drawn[index] }))
            .filter(({ curve, from }) => curve.record.iterations.length > from);
        if (!late.length) return;
        const x = late.map(({ curve, from }) => curve.record.iterations.slice(from)),
            y = late.map(({ curve, from }) => values(curve, from)),
            indices = late.map(({ index }) => index);
        for (const { curve, index } of late) this.drawn[index] = curve.record.iterations.length;
        await library.extendTraces(this.plot, { x, y }, indices);
    }

    /**
     * A line where the scrubber stands.
     * @param {number | null} iteration null: it does not look back
     */
    async point(iteration) {
        if (iteration === this.cursor) return;
        this.cursor = iteration;
        if (this.pointing) return;
        this.pointing = true;
        await new Promise(requestAnimationFrame);
        this.pointing = false;
        if (this.plot.data)
            this.library?.relayout(this.plot, { shapes: shapesOf(this.marks, this.cursor, this.theme) });
    }

    close() {
        clearInterval(this.timer);
        this.observer.disconnect();
        if (this.plot.data) this.library?.purge(this.plot);
    }
}

/**
 * What of a row asks for another figure when it changes.
 * @param {Row} row
 */
const kindOf = ({ heading, decades, range, curves }) => [
    heading,
    decades,
    range,
    curves.map(({ column, record }) => [record.key, column, lone(record)]),
];

/**
 * How Plotly writes numbers, and what it says itself.
 * @param {Words} words
 */
function localeOf({ decimal, axes, chart_png, zoom_out }) {
    const dictionary = {
        "Reset axes": axes,
        "Download plot as a PNG": chart_png,
        "Double-click to zoom back out": zoom_out,
    };
    return {
        locale: "page",
        locales: { page: { dictionary, format: { decimal, thousands: decimal === "," ? " " : "," } } },
    };
}

/**
 * @param {Words} words
 * @param {Curve} curve
 * @param {number} place of its row
 * @param {string | null} marked the run that stands in front of the others
 */
export function traceOf(words, curve, place, marked) {
    // Half the limit when thinned, so that there is room to extend for a while.
    const { record, colour, dash, image = 0 } = curve,
        [x, y] = thin(record.iterations.slice(), values(curve), LIMIT / 2),
        behind = marked && marked !== record.key,
        front = marked && !behind;
    return {
        x,
        y,
        yaxis: axisOf(place),
        mode: lone(record) ? "markers" : "lines",
        marker: { color: colour, size: 8 },
        line: { color: colour, width: front ? 3 : 1.6, dash },
        opacity: behind ? 0.3 : 1,
        name: escaped(record.name(image)),
        showlegend: place === 0,
        hovertemplate: `${filled(words.iteration_at, { n: "%{x:d}" })}: %{y:.4g}<extra></extra>`,
    };
}
