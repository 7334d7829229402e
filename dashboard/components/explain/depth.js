// A slider through the depth of the network: a class activation map of every layer comes with one run. Under it, how
// fast the score falls when what each layer's map marks is deleted.

import { element, show } from "../parts/element.js";
import { number } from "./words.js";

/**
 * @typedef {object} Turned
 * @property {(layer: string) => void} pass while the slider moves
 * @property {(layer: string) => void} settle where it has come to rest
 */

const CALM = 400; // ms without a move after which the slider rests

export class Depth {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    calm = undefined;
    /** @type {{ [layer: string]: number } | null} */
    deletion = null;

    /** @type {string[]} from the image on; none: the map is not one of a layer */
    layers = [];

    /**
     * @param {string} title of the map
     * @param {Turned} turned
     */
    constructor(title, { pass, settle }) {
        const range = { type: "range", min: 0, max: 0, className: "av-scrub" },
            named = { "aria-label": `layer of ${title}`, "data-testid": "depth" };
        this.slider = element("input", { ...range, ...named });
        this.bars = element("div", { className: "ax-depth-bars", "aria-hidden": "true", hidden: true });
        this.words = element("span", { className: "ax-note", "data-testid": "depth-words" });
        this.node = element("div", { className: "ax-depth", hidden: true }, this.slider, this.bars, this.words);
        this.slider.addEventListener("input", () => {
            this.#tell();
            pass(this.layer);
            clearTimeout(this.calm);
            this.calm = setTimeout(() => {
                this.calm = undefined;
                settle(this.layer);
            }, CALM);
        });
    }

    /**
     * The layers that there are maps of, and the one whose map is shown.
     * @param {string[]} layers
     * @param {string} layer
     */
    offer(layers, layer) {
        if (layers.length < 2 || layers.join() === this.layers.join()) return;
        this.layers = layers;
        this.slider.max = String(layers.length - 1);
        this.node.hidden = false;
        this.#place(layer);
    }

    get layer() {
        return this.layers[Number(this.slider.value)] ?? "";
    }

    /**
     * What the page says, unless somebody moves the slider meanwhile; whether it is another layer.
     * @param {string} layer
     */
    hear(layer) {
        if (this.calm || layer === this.layer || !this.layers.includes(layer)) return false;
        this.#place(layer);
        return true;
    }

    /** @param {string} layer */
    #place(layer) {
        const place = this.layers.indexOf(layer);
        this.slider.value = String(place < 0 ? this.layers.length - 1 : place);
        this.#tell();
    }

    /** @param {{ [layer: string]: number } | null | undefined} deletion the area under each layer's deletion curve */
    score(deletion) {
        this.deletion = deletion ?? null;
        this.bars.hidden = !deletion;
        const shares = deletion ? sharesOf(this.layers, deletion) : [];
        this.bars.replaceChildren(
            ...shares.map((share) => {
                const bar = element("i", {});
                bar.style.setProperty("--ax-share", String(share ?? 0));
                return bar;
            }),
        );
        this.#tell();
    }

    #tell() {
        this.slider.setAttribute("aria-valuetext", this.layer);
        [...this.bars.children].forEach((bar, i) => bar.classList.toggle("ax-here", i === Number(this.slider.value)));
        const deletion = this.deletion ? deletionWords(this.deletion, this.layer) : "";
        show(this.words, [`map of ${this.layer}`, deletion].filter(Boolean).join(", "));
    }

    close() {
        clearTimeout(this.calm);
    }
}

/**
 * How high each layer's bar is, 0 to 1; null: nothing is known of it.
 * @param {string[]} layers
 * @param {{ [layer: string]: number }} deletion
 */
export function sharesOf(layers, deletion) {
    const highest = Math.max(...Object.values(deletion));
    return layers.map((layer) => (layer in deletion && highest > 0 ? Math.max(0, deletion[layer]) / highest : null));
}

/**
 * @param {{ [layer: string]: number }} deletion
 * @param {string} layer
 */
export function deletionWords(deletion, layer) {
    const [best, lowest] = Object.entries(deletion).reduce((a, b) => (b[1] < a[1] ? b : a), ["", Infinity]);
    const here = layer in deletion ? `deletion ${number(deletion[layer])}` : "";
    if (layer === best) return `${here}, the lowest of all layers`;
    return [here, best && `lowest at ${best}: ${number(lowest)}`].filter(Boolean).join(", ");
}
