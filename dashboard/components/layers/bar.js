// The bar above the sheet: which layer, in which order, with which scale of colours, and what stands under the pointer.

/**
 * @import { LayersData } from "../messages.js"
 * @import { Colours } from "../parts/colours.js"
 * @import { By } from "./sorting.js"
 */

import { element, show } from "../parts/element.js";
import { Scale } from "../parts/scale.js";
import { PEAK } from "./camera_words.js";
import { recallLook, rememberLook } from "./memory.js";
import { ORDERS } from "./sorting.js";
import { ORDER_WORDS } from "./words.js";

const SCALES = [
    ["own", "per channel"],
    ["common", "one for all"],
];

/**
 * @typedef {object} Asked
 * @property {(layer: string) => void} layer
 * @property {() => void} sort
 * @property {() => void} scale
 */

export class Bar {
    size = "";
    /** whether a channel or a place is told of */
    reads = false;

    /**
     * @param {LayersData} data
     * @param {Asked} asked
     */
    constructor({ layers }, asked) {
        const { by, common } = recallLook();
        this.layers = layers;
        this.asked = asked;
        this.layer = select(
            "layer",
            layers.map(([name, title]) => [name, title]),
            () => asked.layer(this.layer.value),
        );
        this.back = this.#step("‹", "Previous layer (←)", "previous-layer", -1);
        this.on = this.#step("›", "Next layer (→)", "next-layer", 1);
        this.sort = select(
            "sort",
            ORDERS.map((order) => [order, ORDER_WORDS[order]]),
            () => this.#sorted(),
        );
        this.sort.value = by;
        this.colours = select("scale", SCALES, () => this.#scaled());
        this.colours.value = common ? "common" : "own";
        this.scale = new Scale();
        this.reading = element("span", { className: "al-reading", "data-testid": "reading" });
        this.node = this.#assemble();
    }

    /**
     * @param {string} text
     * @param {string} title
     * @param {string} testid
     * @param {-1 | 1} by
     */
    #step(text, title, testid, by) {
        const properties = { type: "button", className: "aa-step", title, "aria-label": title, "data-testid": testid },
            node = element("button", properties, text);
        node.addEventListener("click", () => this.step(by));
        return node;
    }

    #assemble() {
        const steps = { className: "al-steps", role: "group", "aria-label": "layer" };
        return element(
            "div",
            { className: "al-bar" },
            element(
                "div",
                { className: "al-line" },
                element("div", steps, this.back, this.layer, this.on),
                element("label", {}, "Sort by ", this.sort),
                element("label", {}, "Scale ", this.colours),
            ),
            element("div", { className: "al-line al-below" }, this.scale.node, this.reading),
        );
    }

    /** @param {-1 | 1} by */
    step(by) {
        const to = this.layers[this.layer.selectedIndex + by];
        if (to) this.asked.layer(to[0]);
    }

    /** @param {string} layer */
    turn(layer) {
        this.layer.value = layer;
        const { selectedIndex: index } = this.layer;
        this.back.setAttribute("aria-disabled", String(index <= 0));
        this.on.setAttribute("aria-disabled", String(index >= this.layers.length - 1));
    }

    get by() {
        return /** @type {By} */ (this.sort.value);
    }

    get common() {
        return this.colours.value === "common";
    }

    nextOrder() {
        const enabled = ORDERS.filter((_, place) => !this.sort.options[place].disabled);
        this.sort.value = enabled[(enabled.indexOf(this.by) + 1) % enabled.length];
        this.#sorted();
    }

    /**
     * Whether anything moves, so that channels can be told by how much they change.
     * @param {boolean} moving
     */
    offerChange(moving) {
        const option = this.sort.options[ORDERS.indexOf("change")];
        option.disabled = !moving;
        option.title = moving ? "" : "With the camera";
        if (!moving && this.by === "change") this.sort.value = "strength";
    }

    #sorted() {
        rememberLook({ by: this.by });
        this.asked.sort();
    }

    /**
     * Where each map has one cell only, a scale of its own would say nothing.
     * @param {boolean} single
     */
    bind(single) {
        if (single === this.colours.disabled) return;
        this.colours.disabled = single;
        this.colours.title = single ? "Each channel is one number here: they share their colours" : "";
        this.colours.value = single || recallLook().common ? "common" : "own";
    }

    nextScale() {
        if (this.colours.disabled) return;
        this.colours.value = this.common ? "own" : "common";
        this.#scaled();
    }

    #scaled() {
        rememberLook({ common: this.common });
        this.asked.scale();
    }

    /**
     * The scale, with the number at its end: of one channel, or of all.
     * @param {Colours} colours
     * @param {number | null} top null: each channel has its own
     * @param {boolean} live of the camera's last seconds
     */
    measure(colours, top, live) {
        this.scale.draw({ top: top ?? 0, beyond: false, signed: true }, colours, live ? PEAK : "");
        this.scale.node.title = live ? "The largest value of the last ten seconds" : "The largest value";
        if (top !== null) return;
        const words = live ? "own peak, 10 s" : "own largest",
            when = live ? " of the last ten seconds" : "";
        show(this.scale.low, `−${words}`);
        show(this.scale.top, words);
        this.scale.node.setAttribute("aria-label", `each channel's colours end at its own largest value${when}`);
    }

    /**
     * @param {string} words
     * @param {boolean} aloud
     */
    read(words, aloud) {
        this.reading.setAttribute("aria-live", aloud ? "polite" : "off");
        this.reads = Boolean(words);
        show(this.reading, words || this.size);
    }

    /** @param {string} size of the layer: told while there is nothing else to tell */
    tell(size) {
        this.size = size;
        if (!this.reads) show(this.reading, size);
    }
}

/**
 * @param {string} testid
 * @param {string[][]} options
 * @param {() => void} changed
 */
function select(testid, options, changed) {
    const choices = options.map(([value, text]) => element("option", { value }, text)),
        node = element("select", { className: "al-select", "data-testid": testid }, ...choices);
    if (testid === "layer") node.setAttribute("aria-label", "Layer");
    node.addEventListener("change", changed);
    return node;
}
