// A slider through the depth of the network: a class activation map of every layer comes with one run. Under it, how
// well each layer's map marks what the score depends on.

/**
 * @import { LayersNews } from "../messages.js"
 * @typedef {{ [layer: string]: number }} Scores larger is better
 */

import { element, show } from "../parts/element.js";
import { number } from "../parts/numbers.js";
import { Search } from "./search.js";

/**
 * @typedef {object} Turned
 * @property {(layer: string) => void} pass while the slider moves
 * @property {(layer: string) => void} settle where it has come to rest
 */

const MEANING =
    "Deletion score: the places that the map marks least are covered first, then those that it marks most; it is by " +
    "how much the probability of the class (or another target's score) is higher on average in the first case. " +
    "0: no better than chance; the higher, the better.";
const CALM = 400; // ms without a move after which the slider rests

export class Depth {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    calm = undefined;
    /** @type {Scores} none: nothing is measured yet */
    scores = {};
    /** @type {string[]} from the image on; none: the map is not one of a layer */
    layers = [];

    /**
     * @param {string} title of the map
     * @param {string} address where the layers are compared
     * @param {Turned} turned
     */
    constructor(title, address, { pass, settle }) {
        const range = { type: "range", min: 0, max: 0, className: "av-scrub" },
            named = { "aria-label": `layer of ${title}`, "data-testid": "depth" };
        this.slider = element("input", { ...range, ...named });
        this.bars = element("div", { className: "ax-depth-bars", "aria-hidden": "true", hidden: true });
        this.words = element("span", { className: "ax-note", "data-testid": "depth-words" });
        this.search = new Search(address, {
            receive: (news) => this.score(/** @type {LayersNews} */ (news).scores),
            changed: (problem) => this.#compare(problem),
        });
        const button = { type: "button", className: "av-button ax-plain", "data-testid": "compare-layers" };
        this.button = element("button", button, "Which layer?");
        this.button.title = "Measures at which layer the map marks best what the score depends on";
        this.meaning = element("p", { className: "ax-hint", hidden: true }, MEANING);
        this.button.addEventListener("click", () => (this.search.going ? this.search.stop() : this.search.start({})));
        this.problem = element("span", { className: "ax-note", role: "status" });
        const parts = [this.slider, this.bars, this.words, this.meaning, this.button, this.problem];
        this.node = element("div", { className: "ax-depth", hidden: true }, ...parts);
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

    /** @param {string} problem */
    #compare(problem) {
        show(this.button, this.search.going ? "Stop comparing" : "Which layer?");
        show(this.problem, problem);
    }

    /** @param {boolean} finished whether there is a map at every layer */
    turn(finished) {
        this.button.hidden = !finished;
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
        if (Object.keys(this.scores).length) this.score(this.scores);
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

    /** @param {Scores} scores */
    score(scores) {
        this.scores = scores;
        const shares = sharesOf(this.layers, scores);
        this.bars.hidden = this.meaning.hidden = false;
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
        show(this.words, [`map of ${this.layer}`, scoreWords(this.scores, this.layer)].filter(Boolean).join(", "));
    }

    close() {
        this.search.close();
        clearTimeout(this.calm);
    }
}

/**
 * How high each layer's bar is, 0 to 1; null: nothing is known of it.
 * @param {string[]} layers
 * @param {Scores} scores
 */
export function sharesOf(layers, scores) {
    const highest = Math.max(...Object.values(scores));
    return layers.map((layer) => (layer in scores && highest > 0 ? Math.max(0, scores[layer]) / highest : null));
}

/**
 * @param {Scores} scores
 * @param {string} layer
 */
export function scoreWords(scores, layer) {
    const [best, highest] = Object.entries(scores).reduce((a, b) => (b[1] > a[1] ? b : a), ["", -Infinity]);
    const here = layer in scores ? `deletion score ${number(scores[layer])}` : "";
    if (layer === best) return `${here}, the highest of all layers`;
    return [here, best && `highest at ${best}: ${number(highest)}`].filter(Boolean).join(", ");
}
