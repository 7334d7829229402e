// The chart of the layers, and steps to the next layer, channel or class: by a click on a column, by button and by key.

import { element, show } from "../parts/element.js";
import { plotly } from "../parts/plotly.js";
import { themeOf } from "../parts/theme.js";

const charts = new WeakMap();
const PATIENCE = 3000; // ms after which an event counts as answered, whatever has become of it
const KEYS = "actviz-keys"; // in the browser's store: "off" where the visitor wants no keys
const TYPING =
    "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true], [role=combobox], [role=listbox], [role=menu], [role=dialog]";
const CONFIG = {
    staticPlot: false,
    displayModeBar: false,
    responsive: false,
    scrollZoom: false,
    doubleClick: false,
    showTips: false,
};
const STEPS = {
    layer: [
        ["previous", -1, "Shift+P"],
        ["next", 1, "Shift+N"],
    ],
    channel: [
        ["previous", -1, "P"],
        ["next", 1, "N"],
    ],
};

export function mount({ parentElement, data, setTriggerValue }) {
    if (!charts.has(parentElement)) charts.set(parentElement, new Architecture(parentElement, data.files));
    const chart = charts.get(parentElement);
    chart.tell = (event) => setTriggerValue("event", event);
    chart.show(data);
}

export function unmount(parentElement) {
    charts.get(parentElement)?.close();
    charts.delete(parentElement);
}

class Architecture {
    constructor(parent, files) {
        Object.assign(this, { files, columns: [], turn: 0, asked: null, pending: null, drawn: "" });
        this.plot = element("div", { className: "aa-plot", "aria-hidden": "true" });
        this.bar = element("div", {
            className: "aa-columns",
            role: "toolbar",
            "aria-label": "Layers",
            "data-testid": "layers",
        });
        this.bar.addEventListener("keydown", (event) => this.walk(event));
        const chart = element("div", { className: "aa-chart" }, this.plot, this.bar);
        this.layer = this.steps("layer");
        this.channel = this.steps("channel");
        this.random = this.step("random", "Random", () => this.ask({ kind: "random" }));
        this.channel.node.append(this.random);
        this.keys = element(
            "button",
            {
                type: "button",
                className: "aa-step",
                "data-testid": "keys",
                title: "Keys: N and P for the next and the previous channel or class, Shift+N and Shift+P for layers, X for a random one. Click to turn them on or off.",
            },
            "Keys",
        );
        this.keys.addEventListener("click", () => this.setKeys(!this.listens));
        const note = element("span", { className: "aa-note" }, "Layers, in order of the forward pass");
        this.root = element(
            "section",
            { className: "aa-architecture", "data-testid": "architecture", "aria-label": "the network" },
            chart,
            element("div", { className: "aa-line" }, note, this.layer.node, this.channel.node, this.keys),
        );
        this.setKeys(localStorage.getItem(KEYS) !== "off");
        parent.append(this.root);
        this.press = (event) => this.key(event);
        window.addEventListener("keydown", this.press);
        // The widgets take what they were told over once they are drawn, a moment later.
        this.hear = ({ detail }) =>
            requestIdleCallback(() => detail === this.turn && this.answered(), { timeout: PATIENCE });
        window.addEventListener("actviz-answer", this.hear);
        this.observer = new ResizeObserver(() => this.draw());
        this.observer.observe(this.plot);
    }

    step(name, text, act) {
        const button = element("button", { type: "button", className: "aa-step", "data-testid": name }, text);
        button.addEventListener("click", () => button.getAttribute("aria-disabled") === "true" || act());
        return button;
    }

    steps(what) {
        const [back, on] = STEPS[what].map(([word, by]) =>
            this.step(`${word}-${what}`, by < 0 ? "‹" : "›", () => this.go(what, by)),
        );
        const name = element("span", {}, "Layer");
        return {
            node: element("div", { className: "aa-steps", role: "group", "data-noun": what }, back, name, on),
            back,
            name,
            on,
        };
    }

    show(data) {
        this.data = data;
        this.plot.style.minHeight = `${data.figure.layout.height}px`; // before Plotly has drawn: nothing below moves then
        const { noun, index, count, before, after } = data.neighbours;
        this.describe(this.layer, "layer", "layer", before, after);
        this.describe(this.channel, "channel", noun, index, count - 1 - index);
        this.layer.node.hidden = before + after === 0;
        this.channel.node.hidden = !noun;
        this.channel.node.dataset.noun = noun;
        show(this.channel.name, noun ? `${noun[0].toUpperCase()}${noun.slice(1)} ${index}` : "");
        this.random.title = `A random ${noun} (X)`;
        this.enable(this.random, count > 1);
        this.fill(data);
        this.draw();
    }

    describe({ node, back, on }, what, noun, before, after) {
        node.setAttribute("aria-label", noun);
        [
            [back, before],
            [on, after],
        ].forEach(([button, room], side) => {
            const [word, , key] = STEPS[what][side];
            button.title = `${word[0].toUpperCase()}${word.slice(1)} ${noun} (${key})`;
            button.setAttribute("aria-label", button.title.split(" (")[0]);
            button.setAttribute("aria-keyshortcuts", key);
            this.enable(button, room > 0);
        });
    }

    enable(button, enabled) {
        button.setAttribute("aria-disabled", String(!enabled)); // not `disabled`, which would take the focus away
    }

    // A button for every layer, as wide as its column; one of them can be reached by Tab.
    fill({ layers, marked, figure }) {
        if (this.columns.length !== layers.length) {
            this.columns = layers.map((_, index) => this.column(index));
            this.bar.replaceChildren(...this.columns);
        }
        const { l, r, t } = figure.layout.margin;
        Object.assign(this.bar.style, { left: `${l}px`, right: `${r}px`, top: `${t}px` });
        this.columns.forEach((column, index) => {
            column.setAttribute("aria-label", layers[index]);
            column.setAttribute("aria-pressed", String(marked.includes(index)));
        });
        if (!this.columns.includes(document.activeElement)) this.reach(marked[0] ?? 0);
    }

    column(index) {
        const column = element("button", { type: "button", className: "aa-column" });
        column.addEventListener("click", () => this.ask({ kind: "layer", index }));
        for (const kind of ["mouseenter", "focus"]) column.addEventListener(kind, () => this.point(index));
        for (const kind of ["mouseleave", "blur"]) column.addEventListener(kind, () => this.point(null));
        return column;
    }

    reach(index) {
        this.columns.forEach((column, other) => {
            column.tabIndex = other === index ? 0 : -1;
        });
    }

    walk(event) {
        const here = this.columns.indexOf(document.activeElement),
            last = this.columns.length - 1;
        const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: last }[event.key];
        if (here < 0 || to === undefined || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        const index = Math.min(Math.max(to, 0), last);
        this.reach(index);
        this.columns[index].focus();
    }

    // Plotly's own label for a layer, which it cannot show by itself under our buttons.
    point(index) {
        if (!this.drawn) return;
        if (index === null) window.Plotly.Fx.unhover(this.plot);
        else window.Plotly.Fx.hover(this.plot, [{ curveNumber: 0, pointNumber: index }]);
    }

    key(event) {
        if (
            !this.listens ||
            event.ctrlKey ||
            event.metaKey ||
            event.altKey ||
            event.defaultPrevented ||
            event.target.closest?.(TYPING)
        )
            return;
        const key = event.key.toLowerCase();
        const button = {
            n: event.shiftKey ? this.layer.on : this.channel.on,
            p: event.shiftKey ? this.layer.back : this.channel.back,
            x: event.shiftKey ? null : this.random,
        }[key];
        // A key that is held down goes on as soon as the last step is answered; single presses are counted.
        if (!button || button.closest("[hidden]") || (event.repeat && this.asked)) return;
        event.preventDefault();
        button.click();
    }

    setKeys(listens) {
        this.listens = listens;
        this.keys.setAttribute("aria-pressed", String(listens));
        localStorage.setItem(KEYS, listens ? "on" : "off");
    }

    go(what, by) {
        const step = this.pending?.kind === "step" ? this.pending : { kind: "step", channels: 0, layers: 0 };
        step[`${what}s`] += by;
        this.ask(step);
    }

    // One event at a time: what is asked for before the answer waits for it, added up, and the newest kind counts.
    ask(event) {
        if (this.asked) {
            this.pending = event;
            return;
        }
        this.asked = setTimeout(() => this.answered(), PATIENCE);
        this.root.setAttribute("aria-busy", "true");
        this.turn = Date.now(); // told from those of other pages and visits
        this.tell({ ...event, turn: this.turn });
    }

    // The whole page shows what came of the last event.
    answered() {
        clearTimeout(this.asked);
        const waiting = this.pending;
        this.asked = this.pending = null;
        this.root.setAttribute("aria-busy", "false");
        if (waiting) this.ask(waiting);
    }

    async draw() {
        const theme = themeOf(this.root),
            width = this.plot.clientWidth;
        const wanted = JSON.stringify([this.data?.figure, theme, width]);
        if (!this.data || !width || wanted === this.drawn) return;
        const Plotly = await plotly(this.files);
        if (this.closed || width !== this.plot.clientWidth) return;
        const { data, layout } = this.data.figure;
        const colours = {
            paper_bgcolor: "rgba(0,0,0,0)",
            plot_bgcolor: "rgba(0,0,0,0)",
            font: { color: theme.text, family: theme.font, size: 12 },
            hoverlabel: {
                bgcolor: theme.background,
                bordercolor: theme.border,
                font: { color: theme.text, family: theme.font },
            },
        };
        const [bars] = data,
            marker = { ...bars.marker, color: this.data.colours[theme.dark ? "dark" : "light"] };
        await Plotly.react(this.plot, [{ ...bars, marker }], { ...layout, ...colours, width }, CONFIG);
        this.drawn = wanted;
        this.root.dataset.drawn = this.data.marked.join();
    }

    close() {
        this.closed = true;
        clearTimeout(this.asked);
        window.removeEventListener("keydown", this.press);
        window.removeEventListener("actviz-answer", this.hear);
        this.observer.disconnect();
        if (this.drawn) window.Plotly.purge(this.plot);
        this.root.remove();
    }
}
