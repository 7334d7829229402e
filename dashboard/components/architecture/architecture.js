// The chart of the layers, and steps to the next layer, channel or class: by a click on a tile, by button and by key.

/**
 * @import { ArchitectureData, Call } from "../messages.js"
 * @import { Table } from "../parts/keys.js"
 */

import { element, show } from "../parts/element.js";
import { keyboard } from "../parts/keys.js";
import { Mounts } from "../parts/mounts.js";
import { speaker } from "../parts/speaker.js";
import { About, unopened } from "./about.js";
import { contains, marked, within } from "./layers.js";
import { Legend } from "./legend.js";
import { Pictures } from "./pictures.js";
import { capital, enable, stepButton, Steps } from "./steps.js";
import { Tiles } from "./tiles.js";
import { PATIENCE, Turns } from "./turns.js";
import { Zoom } from "./zoom.js";

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
    /** the layer under the pointer or with the focus
     * @type {number | null} */
    pointed = null;
    /** the block that could not be opened, until another layer is looked at */
    unopened = "";

    /**
     * @param {HTMLElement} parent
     * @param {ArchitectureData} data
     */
    constructor(parent, data) {
        this.data = data;
        this.zoom = new Zoom();
        this.turns = new Turns(
            () => {},
            (busy) => this.root.setAttribute("aria-busy", String(busy)),
        );
        this.tiles = new Tiles({
            choose: (index) => this.turns.ask({ kind: "layer", name: this.shown.layers[index].name }),
            open: (index) => this.open(this.shown.layers[index].name),
            point: (index) => this.point(index),
        });
        this.about = new About();
        this.pictures = new Pictures(
            () => this.near,
            () => this.picture(),
        );
        this.legend = new Legend(
            () => this.back(),
            () => this.pictures.make(),
        );
        this.layer = new Steps("layer", (by) => this.turns.step("layers", by));
        this.channel = new Steps("channel", (by) => this.turns.step("channels", by));
        this.random = stepButton("random", "Random", () => this.turns.ask({ kind: "random" }));
        this.keys = this.table();
        this.root = this.assemble();
        parent.append(this.root);
        keyboard.add(this.keys);
        window.addEventListener("actviz-answer", this.hear);
    }

    assemble() {
        this.channel.node.append(this.random);
        const chart = element("div", { className: "aa-chart" }, this.legend.node, this.tiles.node),
            steps = element("div", { className: "aa-all-steps" }, this.layer.node, this.channel.node);
        chart.addEventListener("keydown", (event) => {
            if (event.key !== "Escape" || !this.zoom.block) return;
            event.preventDefault();
            this.back();
        });
        return element(
            "section",
            { className: "aa-architecture", "data-testid": "architecture", "aria-label": "the network" },
            chart,
            element("div", { className: "aa-line" }, this.about.node, steps),
        );
    }

    /** @param {ArchitectureData} data */
    show(data) {
        const { noun, index, count, before, after } = data.neighbours;
        if (this.zoom.follow(this.data, data)) this.pointed = null;
        this.data = data;
        this.layer.describe("layer", before, after);
        this.channel.describe(noun, index, count - 1 - index);
        this.layer.node.hidden = before + after === 0;
        this.channel.node.hidden = !noun;
        this.channel.node.dataset.noun = noun;
        show(this.channel.name, noun ? `${capital(noun)} ${index}` : "");
        this.random.title = `A random ${noun} (X)`;
        enable(this.random, count > 1);
        this.pictures.turn(data.door, data.makes);
        this.draw();
        if (this.zoom.block && this.shown === data) this.open(this.zoom.block); // at another size
    }

    get shown() {
        return this.zoom.shown(this.data);
    }

    draw() {
        const { layers } = this.shown,
            inside = this.shown === this.data ? "" : this.zoom.block,
            { reads } = this.data;
        let marks = marked(layers, reads);
        if (!inside && !marks.length) marks = within(layers, reads);
        this.tiles.fill(layers, marks, inside);
        this.legend.fill(inside, layers.length);
        this.picture();
        this.root.dataset.drawn = marks.join();
    }

    /** What is known of pictures by now. */
    picture() {
        const { layers } = this.shown,
            { known, count, offered } = this.pictures;
        this.tiles.picture((index) => known.get(layers[index].name)?.source ?? "");
        this.legend.tell(known.size, count, offered);
        this.tell();
    }

    /** The block that somebody looks at, as a place among all blocks. */
    get near() {
        const { block } = this.zoom;
        return block ? this.data.layers.findIndex(({ name }) => name === block) : this.tiles.middle;
    }

    /** @param {number | null} index */
    point(index) {
        if (index === this.pointed) return;
        this.pointed = index;
        if (index !== null) this.unopened = "";
        this.tell();
    }

    tell() {
        if (this.unopened) {
            this.about.say(unopened(this.unopened));
            return;
        }
        const { layers } = this.shown,
            at = this.pointed ?? this.tiles.marked[0];
        // Where nothing inside of a block is marked, the block.
        const [of, layer] =
            at === undefined && this.zoom.block
                ? [this.data, this.data.layers.find(({ name }) => name === this.zoom.block)]
                : [this.shown, layers[at ?? 0]];
        this.about.fill(layer, layer && of.sentences[layer.about], layer && this.pictures.known.get(layer.name));
    }

    /**
     * Shows the layers inside of a block in place of what is shown, and leaves the focus in the strip.
     * @param {string} block
     */
    async open(block) {
        const within = this.tiles.here >= 0,
            opened = await this.zoom.open(block, this.data);
        this.unopened = opened ? "" : block;
        if (!opened) {
            speaker.event(unopened(block), this);
            this.tell();
            return;
        }
        this.pointed = null;
        this.draw();
        if (within) this.tiles.focus(this.tiles.marked[0] ?? 0);
    }

    back() {
        const from = this.data.layers.findIndex(({ name }) => contains(name, this.zoom.block));
        this.zoom.block = "";
        this.pointed = null;
        this.draw();
        this.tiles.focus(Math.max(0, from), true);
    }

    /** @returns {Table} */
    table() {
        const { channel, layer, random } = this;
        // A key that is held down goes on as soon as the last step is answered; single presses are counted.
        const press =
            (/** @type {HTMLElement} */ button) =>
            (/** @type {KeyboardEvent} */ { repeat }) =>
                repeat && this.turns.asked ? undefined : button.click();
        const able = () => !channel.node.hidden;
        return [
            { does: "next and previous channel or class", on: { n: press(channel.on), p: press(channel.back) }, able },
            {
                does: "next and previous layer",
                on: { N: press(layer.on), P: press(layer.back) },
                able: () => !layer.node.hidden,
            },
            { does: "a random channel or class", on: { x: press(random) }, able },
            { does: "in the chart: another layer; ↓ what opens it, Enter opens it, Escape goes back", keys: "← →" },
        ];
    }

    // The widgets take what they were told over once they are drawn, a moment later.
    hear = (/** @type {Event} */ event) => {
        const turn = event instanceof CustomEvent ? event.detail : null;
        requestIdleCallback(() => turn === this.turns.turn && this.turns.answered(), { timeout: PATIENCE });
    };

    close() {
        speaker.leave(this);
        this.turns.close();
        this.pictures.close();
        keyboard.remove(this.keys);
        window.removeEventListener("actviz-answer", this.hear);
        this.root.remove();
    }
}
