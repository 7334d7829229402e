// The strip: a tile for every layer, and beside its picture what opens it. One tile can be reached by Tab, others by
// arrows; the strip scrolls sideways by itself, never the page.

/** @import { ChartLayer } from "../messages.js" */

import { element } from "../parts/element.js";
import { ABOUT } from "./about.js";
import { counted, grain, height, short, shortName, spoken } from "./layers.js";

/**
 * @typedef {object} Tile
 * @property {HTMLElement} node
 * @property {HTMLButtonElement} choose
 * @property {HTMLButtonElement} open what shows the layers inside
 * @property {HTMLImageElement} image
 * @property {HTMLElement} bar
 * @property {HTMLElement} said to those who hear it
 * @property {HTMLElement} name
 * @property {HTMLElement} size
 */

/**
 * @typedef {object} Wishes
 * @property {(index: number) => void} choose
 * @property {(index: number) => void} open
 * @property {(index: number | null) => void} point the pointer, or the focus, is on it; null: on none
 */

export class Tiles {
    /** @type {Tile[]} */
    tiles = [];
    /** @type {number[]} */
    marked = [];
    /** what is shown: other layers, or others marked, are brought into sight */
    shown = "";

    /** @param {Wishes} wishes */
    constructor(wishes) {
        this.wishes = wishes;
        this.node = element("div", {
            className: "aa-tiles",
            role: "toolbar",
            "aria-label": "Layers",
            "data-testid": "layers",
        });
        this.node.addEventListener("keydown", (event) => this.#walk(event));
        this.node.addEventListener("pointerleave", () => wishes.point(null));
    }

    /**
     * @param {ChartLayer[]} layers
     * @param {number[]} marked
     * @param {string} block that they lie in, "" for the blocks themselves
     */
    fill(layers, marked, block) {
        const all = layers.map(({ channels }) => channels),
            shown = JSON.stringify([layers.map(({ name }) => name), marked]);
        if (this.tiles.length !== layers.length || this.node.dataset.block !== block) {
            this.tiles = layers.map((_, index) => this.#make(index));
            this.node.replaceChildren(...this.tiles.map(({ node }) => node));
        }
        this.node.dataset.block = block;
        this.marked = marked;
        layers.forEach((layer, index) => {
            const tile = this.tiles[index];
            tile.said.textContent = spoken(layer);
            tile.choose.setAttribute("aria-pressed", String(marked.includes(index)));
            tile.name.textContent = shortName(layer.name, block);
            tile.size.textContent = short(layer);
            tile.bar.style.setProperty("--height", height(layer.channels, all).toFixed(3));
            tile.bar.style.setProperty("--grain", grain(layer).toFixed(3));
            tile.open.hidden = !layer.inner || block !== ""; // what lies deeper inside is shown as well
            const inside = layer.inner ? `${counted(layer.inner)} inside` : "";
            tile.open.setAttribute("aria-label", inside && `Show the ${inside} ${layer.name}`);
            tile.open.title = inside;
        });
        if (this.here < 0) this.#reach(marked[0] ?? 0);
        if (shown === this.shown) return;
        this.shown = shown;
        this.#bring(marked[0] ?? 0);
    }

    /**
     * @param {(index: number) => string} source of its picture, "" where there is none
     */
    picture(source) {
        this.tiles.forEach(({ image }, index) => {
            const found = source(index);
            if (found && image.getAttribute("src") !== found) image.src = found;
            if (!found) image.removeAttribute("src");
            image.hidden = !found;
        });
    }

    /** @param {number} index */
    #make(index) {
        const image = element("img", { alt: "", draggable: false, hidden: true, decoding: "async" }),
            bar = element("i", { className: "aa-height" }),
            said = element("span", { className: "aa-said" }),
            name = element("span", { className: "aa-name", "aria-hidden": "true" }),
            size = element("span", { className: "aa-size", "aria-hidden": "true" }),
            row = element("span", { className: "aa-look" }, bar, element("span", { className: "aa-picture" }, image)),
            properties = { type: "button", className: "aa-tile", "data-testid": "block" },
            choose = element("button", properties, said, name, row, size),
            open = element("button", { type: "button", className: "aa-open", "data-testid": "inside" }, "›"),
            node = element("div", { className: "aa-place" }, choose, open);
        choose.addEventListener("click", () => this.wishes.choose(index));
        open.addEventListener("click", () => this.wishes.open(index));
        // A pointer that moves: one that rests points at nothing that comes to lie under it.
        node.addEventListener("pointermove", ({ movementX, movementY }) => {
            if (movementX || movementY) this.wishes.point(index);
        });
        node.addEventListener("focusin", () => this.#focused(index));
        node.addEventListener("focusout", () => this.wishes.point(null));
        return { node, choose, open, image, bar, said, name, size };
    }

    /** @param {number} index */
    #focused(index) {
        this.#reach(index);
        this.wishes.point(index);
    }

    /** The one that has the focus; -1: none. */
    get here() {
        return this.tiles.findIndex(({ node }) => node.contains(document.activeElement));
    }

    /** The one in the middle of what is in sight. */
    get middle() {
        const width = this.tiles[0]?.node.offsetWidth || 1,
            { scrollLeft, clientWidth } = this.node;
        return Math.max(0, Math.min(this.tiles.length - 1, Math.floor((scrollLeft + clientWidth / 2) / width)));
    }

    /**
     * @param {number} index
     * @param {boolean} [opener]
     */
    focus(index, opener = false) {
        const tile = this.tiles[Math.min(index, this.tiles.length - 1)];
        (opener && !tile?.open.hidden ? tile?.open : tile?.choose)?.focus();
    }

    /** @param {number} index */
    #reach(index) {
        this.tiles.forEach(({ choose, open }, other) => {
            choose.tabIndex = open.tabIndex = other === index ? 0 : -1;
            if (other === index) choose.setAttribute("aria-describedby", ABOUT);
            else choose.removeAttribute("aria-describedby");
        });
    }

    /**
     * Into the middle, if it is out of sight; the page stays where it is.
     * @param {number} index
     */
    #bring(index) {
        const { node } = this.tiles[index] ?? {},
            { scrollLeft, clientWidth } = this.node;
        if (!node) return;
        const from = node.offsetLeft - this.node.offsetLeft,
            seen = from >= scrollLeft && from + node.offsetWidth <= scrollLeft + clientWidth;
        if (!seen) this.node.scrollLeft = from - (clientWidth - node.offsetWidth) / 2;
    }

    /** @param {KeyboardEvent} event */
    #walk(event) {
        const { here } = this;
        if (here < 0 || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
        const opener = this.tiles[here].open === document.activeElement,
            to = goal(event.key, here, this.tiles.length),
            turn = { ArrowDown: true, ArrowUp: false }[event.key];
        if (to === null && turn === undefined) return;
        event.preventDefault();
        this.focus(to ?? here, turn ?? opener);
    }
}

/**
 * Where a key leads; null: it is none of ours.
 * @param {string} key
 * @param {number} here
 * @param {number} count
 */
export function goal(key, here, count) {
    /** @type {{ [key: string]: number }} */
    const goals = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: count - 1 };
    return key in goals ? Math.min(Math.max(goals[key], 0), count - 1) : null;
}
