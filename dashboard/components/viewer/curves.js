// The curves: drawn by Plotly a few times a second, beside pictures that come at full rate.

import { element } from "../parts/element.js";
import { escaped, heightOf, layoutOf, lone, markTrace, rowsOf, shapesOf, thin, values } from "./figure.js";
import { plotly } from "../parts/plotly.js";

const EVERY = 500; // ms between two updates
const LIMIT = 2000; // drawn points a trace
const CONFIG = {
    displaylogo: false,
    modeBarButtons: [["resetScale2d", "toImage"]],
    doubleClick: "reset",
    responsive: false,
};

export class Curves {
    // named(run): called when its name in the legend was clicked
    constructor(files, named) {
        this.named = named;
        this.plot = element("div", { className: "av-plot" });
        this.node = element("div", { className: "av-curves", "data-testid": "curves" }, this.plot);
        Object.assign(this, {
            files,
            records: [],
            rows: [],
            drawn: [],
            cursor: null,
            whole: true,
            stale: false,
            busy: false,
        });
        this.observer = new ResizeObserver(() => this.redraw());
        this.observer.observe(this.node);
        plotly(files).catch(() => {}); // early, so that it is there when the first points come; a failure is told when it matters
        this.followPointer();
        this.timer = setInterval(() => this.update(), EVERY);
    }

    // Redrawing takes Plotly's hover label away and would end a zoom that is being drawn.
    followPointer() {
        this.plot.addEventListener("mousemove", ({ clientX, clientY }) => {
            this.pointer = { clientX, clientY };
        });
        this.plot.addEventListener("mouseleave", () => {
            this.pointer = null;
        });
        this.plot.addEventListener(
            "mousedown",
            () => {
                this.held = true;
                window.addEventListener(
                    "mouseup",
                    () => {
                        this.held = false;
                    },
                    { once: true, capture: true },
                );
            },
            true,
        );
    }

    hoverAgain() {
        if (!this.pointer) return;
        const under = document.elementFromPoint(this.pointer.clientX, this.pointer.clientY);
        if (this.plot.contains(under))
            under.dispatchEvent(new MouseEvent("mousemove", { ...this.pointer, bubbles: true, view: window }));
    }

    // Which runs, how the score is called, in which colours.
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

    marks() {
        return this.records.flatMap((record) => [...record.marks]);
    }

    async update() {
        if (
            !this.stale ||
            this.busy ||
            this.held ||
            !this.records.some((record) => record.iterations.length) ||
            !this.node.isConnected ||
            document.hidden
        )
            return;
        this.busy = true;
        this.stale = false;
        try {
            const Plotly = await plotly(this.files);
            const rows = rowsOf(this.records, this.scoreLabel, this.theme);
            const shown = JSON.stringify([
                rows.map((row) => [
                    row.heading,
                    row.decades,
                    row.range,
                    row.curves.map(({ column, record }) => [record.key, column, lone(record)]),
                ]),
                this.marks(),
            ]);
            if (this.whole || shown !== this.shown || this.full()) await this.build(Plotly, rows);
            else await this.extend(Plotly);
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

    full() {
        const data = this.plot.data ?? [];
        return this.curves.some(
            (curve, index) => data[index].x.length + curve.record.iterations.length - this.drawn[index] > LIMIT,
        );
    }

    async build(Plotly, rows) {
        this.whole = false;
        this.rows = rows;
        this.drawn = this.curves.map((curve) => curve.record.iterations.length);
        const traces = rows.flatMap((row, place) => row.curves.map((curve) => this.trace(curve, place)));
        const height = heightOf(rows, this.node.clientHeight);
        const layout = layoutOf(rows, this.marks(), this.cursor, this.theme, height, this.revision);
        layout.annotations.forEach((annotation) => {
            annotation.text = escaped(annotation.text);
        });
        layout.width = this.node.clientWidth;
        await Plotly.react(this.plot, [...traces, markTrace(this.marks(), this.theme)], layout, CONFIG);
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

    // The curves of a run in front of the others'; null: all alike.
    highlight(run) {
        this.marked = run;
        this.redraw();
    }

    trace(curve, place) {
        // Half the limit when thinned, so that there is room to extend for a while.
        const all = curve.record.iterations,
            [x, y] = all.length > LIMIT / 2 ? thin(all, values(curve), LIMIT / 2) : [all.slice(), values(curve)];
        const behind = this.marked && this.marked !== curve.record.key,
            front = this.marked && !behind;
        return {
            x,
            y,
            yaxis: place ? `y${place + 1}` : "y",
            mode: lone(curve.record) ? "markers" : "lines",
            marker: { color: curve.colour, size: 8 },
            line: { color: curve.colour, width: front ? 3 : 1.6, dash: curve.dash },
            opacity: behind ? 0.3 : 1,
            name: escaped(curve.record.name(curve.image ?? 0)),
            showlegend: place === 0,
            hovertemplate: "iteration %{x:d}: %{y:.4g}<extra></extra>",
        };
    }

    async extend(Plotly) {
        const late = this.curves
            .map((curve, index) => ({ curve, index, from: this.drawn[index] }))
            .filter(({ curve, from }) => curve.record.iterations.length > from);
        if (!late.length) return;
        const x = late.map(({ curve, from }) => curve.record.iterations.slice(from));
        const y = late.map(({ curve, from }) => values(curve, from));
        late.forEach(({ curve, index }) => {
            this.drawn[index] = curve.record.iterations.length;
        });
        await Plotly.extendTraces(
            this.plot,
            { x, y },
            late.map(({ index }) => index),
        );
    }

    // A line where the scrubber stands; null takes it away.
    async point(iteration) {
        if (iteration === this.cursor) return;
        this.cursor = iteration;
        if (this.pointing) return;
        this.pointing = true;
        await new Promise(requestAnimationFrame);
        this.pointing = false;
        if (this.plot.data)
            (await plotly(this.files)).relayout(this.plot, { shapes: shapesOf(this.marks(), this.cursor, this.theme) });
    }

    close() {
        clearInterval(this.timer);
        this.observer.disconnect();
        if (this.plot.data) window.Plotly.purge(this.plot);
    }
}
