// The chart of the layers, and steps to the next layer, channel or class: by a click on a column, by button and by key.

/**
 * @import { ArchitectureData, Call } from "../messages.js"
 * @import { Plotly } from "../parts/plotly.js"
 */

import { element, show } from "../parts/element.js";
import { Keys } from "../parts/keys.js";
import { Mounts } from "../parts/mounts.js";
import { plotly } from "../parts/plotly.js";
import { chartColours, themeOf } from "../parts/theme.js";
import { Columns } from "./columns.js";
import { capital, enable, stepButton, Steps } from "./steps.js";
import { PATIENCE, Turns } from "./turns.js";

const KEYS = [
    ["N, P", "next and previous channel or class"],
    ["Shift+N, Shift+P", "next and previous layer"],
    ["X", "a random one"],
];
const CONFIG = {
    staticPlot: false,
    displayModeBar: false,
    responsive: false,
    scrollZoom: false,
    doubleClick: false,
    showTips: false,
};

/** @type {Mounts<Architecture>} */
const charts = new Mounts();

/** @param {Call<ArchitectureData>} call */
export function mount({ parentElement, data, setTriggerValue }) {
    const chart = charts.at(parentElement) ?? charts.put(parentElement, new Architecture(parentElement, data));
    chart.turns.send = (event) => setTriggerValue("event", event);
    chart.show(data);
}

/** @param {HTMLElement} parentElement */
export function unmount(parentElement) {
    charts.remove(parentElement);
}

class Architecture {
    /** what is drawn */
    drawn = "";
    /** @type {Plotly | null} once it has come */
    library = null;
    closed = false;

    /**
     * @param {HTMLElement} parent
     * @param {ArchitectureData} data
     */
    constructor(parent, data) {
        this.data = data;
        this.turns = new Turns(
            () => {},
            (busy) => this.root.setAttribute("aria-busy", String(busy)),
        );
        this.plot = element("div", { className: "aa-plot", "aria-hidden": "true" });
        this.columns = new Columns(
            (index) => this.turns.ask({ kind: "layer", index }),
            (index) => this.point(index),
        );
        this.layer = new Steps("layer", (by) => this.turns.step("layers", by));
        this.channel = new Steps("channel", (by) => this.turns.step("channels", by));
        this.random = stepButton("random", "Random", () => this.turns.ask({ kind: "random" }));
        this.keys = new Keys(KEYS);
        this.root = this.assemble();
        parent.append(this.root);
        window.addEventListener("keydown", this.press);
        window.addEventListener("actviz-answer", this.hear);
        this.observer = new ResizeObserver(() => this.draw());
        this.observer.observe(this.plot);
    }

    assemble() {
        this.channel.node.append(this.random);
        const chart = element("div", { className: "aa-chart" }, this.plot, this.columns.node),
            note = element("span", { className: "aa-note" }, "Layers, in order of the forward pass");
        return element(
            "section",
            { className: "aa-architecture", "data-testid": "architecture", "aria-label": "the network" },
            chart,
            element("div", { className: "aa-line" }, note, this.layer.node, this.channel.node, this.keys.node),
        );
    }

    /** @param {ArchitectureData} data */
    show(data) {
        const { figure, layers, marked } = data,
            { noun, index, count, before, after } = data.neighbours;
        this.data = data;
        this.plot.style.minHeight = `${figure.layout.height}px`; // before Plotly has drawn: nothing below moves then
        this.layer.describe("layer", before, after);
        this.channel.describe(noun, index, count - 1 - index);
        this.layer.node.hidden = before + after === 0;
        this.channel.node.hidden = !noun;
        this.channel.node.dataset.noun = noun;
        show(this.channel.name, noun ? `${capital(noun)} ${index}` : "");
        this.random.title = `A random ${noun} (X)`;
        enable(this.random, count > 1);
        this.columns.fill(layers, marked, figure.layout.margin);
        this.draw();
    }

    /**
     * Plotly's own label for a layer, which it cannot show by itself under our buttons.
     * @param {number | null} index
     */
    point(index) {
        if (!this.drawn) return;
        if (index === null) this.library?.Fx.unhover(this.plot);
        else this.library?.Fx.hover(this.plot, [{ curveNumber: 0, pointNumber: index }]);
    }

    press = (/** @type {KeyboardEvent} */ event) => {
        if (!this.keys.take(event)) return;
        const button = this.buttonOf(event.key.toLowerCase(), event.shiftKey);
        // A key that is held down goes on as soon as the last step is answered; single presses are counted.
        if (!button || button.closest("[hidden]") || (event.repeat && this.turns.asked)) return;
        event.preventDefault();
        button.click();
    };

    /**
     * @param {string} key
     * @param {boolean} shift
     */
    buttonOf(key, shift) {
        const steps = shift ? this.layer : this.channel;
        if (key === "n") return steps.on;
        if (key === "p") return steps.back;
        return key === "x" && !shift ? this.random : null;
    }

    // The widgets take what they were told over once they are drawn, a moment later.
    hear = (/** @type {Event} */ event) => {
        const turn = event instanceof CustomEvent ? event.detail : null;
        requestIdleCallback(() => turn === this.turns.turn && this.turns.answered(), { timeout: PATIENCE });
    };

    async draw() {
        const theme = themeOf(this.root),
            width = this.plot.clientWidth;
        const wanted = JSON.stringify([this.data.figure, theme, width]);
        if (!width || wanted === this.drawn) return;
        this.library = await plotly(this.data.files);
        if (this.closed || width !== this.plot.clientWidth) return;
        const { figure, colours, marked } = this.data,
            [bars] = figure.data,
            marker = { ...bars.marker, color: colours[theme.dark ? "dark" : "light"] };
        const font = { color: theme.text, family: theme.font, size: 12 },
            layout = { ...figure.layout, ...chartColours(theme), font, width };
        await this.library.react(this.plot, [{ ...bars, marker }], layout, CONFIG);
        this.drawn = wanted;
        this.root.dataset.drawn = marked.join();
    }

    close() {
        this.closed = true;
        this.turns.close();
        window.removeEventListener("keydown", this.press);
        window.removeEventListener("actviz-answer", this.hear);
        this.observer.disconnect();
        if (this.drawn) this.library?.purge(this.plot);
        this.root.remove();
    }
}
