// The maps side by side, the picture that the unit likes best beside them, and one slider for how opaque all maps are.

/**
 * @import { ExplainData, ExplainEvent } from "../messages.js"
 * @import { Colours } from "./colours.js"
 * @import { Picture } from "./picture.js"
 */

import { element, show } from "../parts/element.js";
import { recallOpacity, rememberOpacity } from "./memory.js";
import { Panel } from "./panel.js";

export class Panels {
    /** @type {Map<string, Panel>} */
    panels = new Map();
    /** @type {HTMLElement | null} */
    synthesized = null;
    source = "";

    /**
     * @param {Colours} colours
     * @param {(event: ExplainEvent) => void} tell
     */
    constructor(colours, tell) {
        this.colours = colours;
        this.tell = tell;
        const range = { type: "range", min: 0, max: 1, step: 0.05, value: recallOpacity() };
        this.slider = element("input", { ...range, className: "av-scrub", "data-testid": "opacity" });
        this.slider.addEventListener("input", () => this.#fade());
        this.title = element("h2", { className: "av-title", "data-testid": "title" });
        const opacity = element("label", { className: "ax-opacity" }, "Opacity of the maps ", this.slider);
        this.empty = element("p", { className: "ax-empty" }, "No map yet: add one.");
        this.grid = element("div", { className: "ax-grid" });
        const head = element("div", { className: "ax-bar-line" }, this.title, opacity);
        this.node = element("div", { className: "ax-maps" }, head, this.empty, this.grid);
        this.looked = () => this.ask();
        document.addEventListener("visibilitychange", this.looked);
        this.#fade();
    }

    #fade() {
        this.node.style.setProperty("--ax-opacity", this.slider.value);
        rememberOpacity(Number(this.slider.value));
    }

    /**
     * @param {ExplainData} data
     * @param {Picture} picture
     */
    hear(data, picture) {
        const { maps, explained } = data,
            kept = new Set(maps.map(({ key }) => key));
        for (const [key, panel] of this.panels) {
            if (kept.has(key)) continue;
            panel.close();
            this.panels.delete(key);
        }
        maps.forEach((entry, place) => {
            const panel = this.panels.get(entry.key) ?? new Panel(entry, data, this.colours, this.tell);
            this.panels.set(entry.key, panel);
            if (this.grid.children[place] !== panel.node)
                this.grid.insertBefore(panel.node, this.grid.children[place] ?? null);
            panel.cut(picture, data.frame);
        });
        show(this.title, explained.title);
        this.empty.hidden = maps.length > 0;
        this.#synthesize(data);
        this.ask();
    }

    /** @param {ExplainData} data */
    #synthesize({ synthesized, explained }) {
        const source = synthesized ?? "";
        if (source === this.source) return;
        this.source = source;
        this.synthesized?.remove();
        this.synthesized = source ? synthesis(source, explained.title, () => this.tell({ kind: "open" })) : null;
        if (this.synthesized) this.grid.append(this.synthesized);
    }

    /** Asks for all maps that are not finished. */
    ask() {
        for (const panel of this.panels.values()) panel.poller.ask();
    }

    close() {
        document.removeEventListener("visibilitychange", this.looked);
        for (const panel of this.panels.values()) panel.close();
    }
}

/**
 * @param {string} source
 * @param {string} title
 * @param {() => void} open
 */
function synthesis(source, title, open) {
    const image = element("img", { src: source, alt: `synthesized picture of ${title}`, draggable: false }),
        link = element("button", { type: "button", className: "av-button ax-plain", "data-testid": "open" });
    link.append("Open in Explore");
    link.addEventListener("click", open);
    return element(
        "article",
        { className: "ax-panel ax-synthesized", "aria-label": "synthesized picture", "data-testid": "synthesized" },
        element("h3", { className: "ax-title" }, "What it likes best"),
        element("span", { className: "ax-note" }, "synthesized, without any image"),
        element("div", { className: "ax-over" }, image),
        link,
    );
}
