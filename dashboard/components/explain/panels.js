// The maps side by side, the picture that the unit likes best beside them, and one slider for how opaque all maps are.

/**
 * @import { ExplainData, ExplainEvent, MapEntry, Save } from "../messages.js"
 * @import { Colours } from "../parts/colours.js"
 * @import { Queue } from "../parts/queue.js"
 * @import { Wish } from "./panel.js"
 * @import { Picture } from "./picture.js"
 */

import { element, show } from "../parts/element.js";
import { percent } from "../parts/numbers.js";
import { ofMap } from "./events.js";
import { arrange } from "./order.js";
import { Panel } from "./panel.js";
import { Saves } from "./saves.js";
import { Synthesis } from "./synthesis.js";

const NONE = "No map yet: add one.";

export class Panels {
    /** @type {Map<string, Panel>} */
    panels = new Map();
    /** @type {Synthesis | null} */
    synthesis = null;
    fading = false; // the slider is held

    /**
     * @param {Colours} colours
     * @param {Queue<ExplainEvent>} queue
     */
    constructor(colours, queue) {
        this.colours = colours;
        this.queue = queue;
        const range = { type: "range", min: 0, max: 1, step: 0.05 };
        this.slider = element("input", { ...range, className: "av-scrub", "data-testid": "opacity" });
        this.slider.addEventListener("input", () => {
            this.fading = true;
            this.#fade();
        });
        this.slider.addEventListener("change", () => {
            this.fading = false;
            queue.put({ kind: "opacity", opacity: this.opacity });
        });
        this.title = element("h2", { className: "av-title", "data-testid": "title" });
        const opacity = element("label", { className: "ax-opacity" }, "Opacity of the maps ", this.slider);
        this.empty = element("p", { className: "ax-empty" });
        this.grid = element("div", { className: "ax-grid" });
        this.saves = new Saves([], () => this.opacity);
        const head = element("div", { className: "ax-bar-line" }, this.title, this.saves.node, opacity);
        this.node = element("div", { className: "ax-maps" }, head, this.empty, this.grid);
        this.looked = () => this.ask();
        document.addEventListener("visibilitychange", this.looked);
    }

    /** Of the maps over the image, 0 to 1. */
    get opacity() {
        return Number(this.slider.value);
    }

    #fade() {
        this.slider.setAttribute("aria-valuetext", percent(this.opacity));
        this.node.style.setProperty("--ax-opacity", this.slider.value);
    }

    /**
     * @param {ExplainData} data
     * @param {Picture} picture
     */
    hear(data, picture) {
        const { maps, explained, saves, opacity, covered } = data,
            panels = maps.map((entry) => this.panels.get(entry.key) ?? this.#panel(entry, data)),
            kept = new Set(panels);
        for (const panel of this.panels.values()) if (!kept.has(panel)) panel.close();
        this.panels = new Map(panels.map((panel) => [panel.entry.key, panel]));
        this.#synthesize(data);
        const [first, ...others] = panels.map(({ node }) => node),
            nodes = [first, this.synthesis?.node, ...others].filter((node) => node !== undefined);
        arrange(this.grid, nodes);
        if (!this.fading && !this.queue.holds("opacity")) this.slider.value = String(opacity);
        this.#fade();
        panels.forEach((panel, place) => {
            panel.hear(maps[place], this.queue.holds(ofMap("layer", panel.entry.key)));
            picture.cut(panel.overlay.picture, data.frame);
        });
        this.#offer(saves);
        show(this.title, explained.title);
        show(this.empty, covered || NONE);
        this.empty.hidden = maps.length > 0;
        this.ask();
    }

    /**
     * @param {MapEntry} entry
     * @param {ExplainData} data
     */
    #panel(entry, data) {
        return new Panel(entry, data, this.colours, {
            tell: (kind, layer = "") => this.queue.put(wished(kind, entry.key, layer)),
            point: (spot) => this.panels.forEach((panel) => panel.read(spot)),
            received: () => this.#turn(),
            opacity: () => this.opacity,
        });
    }

    /** @param {ExplainData} data */
    #synthesize({ synthesized, explained }) {
        if (synthesized === (this.synthesis?.source ?? null)) return;
        const open = () => this.queue.put({ kind: "open" });
        this.synthesis?.close();
        this.synthesis = synthesized ? new Synthesis(synthesized, explained.title, open) : null;
    }

    /** @param {Save[]} saves of all maps together */
    #offer(saves) {
        if (!this.saves.same(saves)) {
            const { node } = this.saves;
            this.saves.close();
            this.saves = new Saves(saves, () => this.opacity);
            node.replaceWith(this.saves.node);
        }
        this.#turn();
    }

    /** There is a sheet of all maps as soon as there is one map. */
    #turn() {
        this.saves.turn([...this.panels.values()].some((panel) => panel.drawn));
    }

    /** Asks for all maps that are not finished. */
    ask() {
        for (const panel of this.panels.values()) panel.poller.ask();
        this.synthesis?.poller.ask();
    }

    close() {
        document.removeEventListener("visibilitychange", this.looked);
        this.saves.close();
        this.synthesis?.close();
        for (const panel of this.panels.values()) panel.close();
    }
}

/**
 * What is wished of a map, as the page hears it.
 * @param {Wish} kind
 * @param {string} key
 * @param {string} layer
 * @returns {ExplainEvent}
 */
function wished(kind, key, layer) {
    if (kind === "reopen") return { kind };
    return kind === "layer" ? { kind, key, layer } : { kind, key };
}
