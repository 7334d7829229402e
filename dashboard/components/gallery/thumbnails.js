// The sheet of thumbnails: a tile for every channel from the beginning, so that nothing moves while pictures arrive.
// It is a list of which one is selected, as in a file manager: the arrow keys select, Enter opens as a double click
// does.

/**
 * @import { TileNews } from "../messages.js"
 * @import { By, Tiles } from "./tiles.js"
 * @import { Words } from "./words.js"
 * @typedef {ReturnType<typeof optionOf>} Option
 */

import { element, show } from "../parts/element.js";
import { goal } from "../parts/goal.js";
import { lackWords, tileWords } from "./words.js";

export const HINT = "ag-hint"; // the id of the sentence about the keys

/**
 * @typedef {object} Picked
 * @property {(channel: number) => void} choose
 * @property {(channel: number) => void} pass while a key is held
 * @property {() => void} settle when it is let go
 * @property {(channel: number) => void} open
 */

export class Thumbnails {
    /** @type {Map<number, Option>} */
    options = new Map();
    /** @type {Set<number>} */
    seen = new Set();
    /** @type {number[]} */
    order = [];
    /** @type {Map<number, number> | null} channel -> similarity, in the order of similarity */
    cosines = null;

    /**
     * @param {Words} words
     * @param {number} count of the channels
     * @param {Tiles} tiles
     * @param {Picked} picked
     */
    constructor(words, count, tiles, picked) {
        this.words = words;
        this.tiles = tiles;
        this.picked = picked;
        this.node = element("div", {
            className: "ag-sheet",
            role: "listbox",
            "aria-label": words.thumbnails,
            "aria-describedby": HINT,
            "data-testid": "sheet",
        });
        this.node.addEventListener("keydown", (event) => this.key(event));
        this.node.addEventListener("keyup", () => picked.settle());
        this.watcher = new IntersectionObserver((entries) => entries.forEach((entry) => this.see(entry)));
        for (let channel = 0; channel < count; channel++) {
            const option = optionOf(words, channel);
            option.node.addEventListener("click", () => picked.choose(channel));
            option.node.addEventListener("dblclick", () => picked.open(channel));
            option.node.tabIndex = channel ? -1 : 0;
            this.options.set(channel, option);
            this.order.push(channel);
            this.watcher.observe(option.node);
        }
        this.node.append(...[...this.options.values()].map(({ node }) => node));
    }

    /** @param {IntersectionObserverEntry} entry */
    see({ target, isIntersecting }) {
        const channel = channelOf(target);
        if (isIntersecting) this.seen.add(channel);
        else this.seen.delete(channel);
    }

    /** @param {TileNews} news */
    put(news) {
        const tile = this.tiles.put(news),
            { channel, stage, flag, source } = tile,
            option = this.options.get(channel);
        if (!option) return;
        Object.assign(option.node.dataset, { stage, flag });
        option.node.title = flag ? lackWords(this.words, tile) : "";
        this.label(channel, option);
        if (flag) option.picture.replaceChildren(this.words[`tile_${flag}`]);
        else picture(option, source);
    }

    /**
     * Beside the number: the score, or the similarity in the order of similarity.
     * @param {number} channel
     * @param {Option} option
     */
    label(channel, option) {
        const [words, number] = tileWords(this.words, this.tiles.get(channel), this.cosines, channel);
        show(option.words, words);
        show(option.number, number);
    }

    onScreen() {
        return this.order.filter((channel) => this.seen.has(channel));
    }

    /**
     * Tab comes to the selected tile, and the keys go on from there.
     * @param {number} channel
     */
    select(channel) {
        for (const [other, { node }] of this.options) {
            node.setAttribute("aria-selected", String(other === channel));
            node.tabIndex = other === channel ? 0 : -1;
        }
    }

    /** @param {KeyboardEvent} event */
    key(event) {
        const { target, key } = event,
            tile = target instanceof Element ? target.closest(".ag-tile") : null,
            here = tile ? this.order.indexOf(channelOf(tile)) : -1;
        if (here < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        if (key === "Enter" || key === " ") {
            event.preventDefault();
            return key === "Enter" ? this.picked.open(this.order[here]) : this.picked.choose(this.order[here]);
        }
        const across = getComputedStyle(this.node).gridTemplateColumns.split(" ").length,
            to = goal(key, here, across, this.order.length - 1);
        if (to === null) return;
        event.preventDefault();
        if (to < 0 || to >= this.order.length) return;
        this.picked.pass(this.order[to]);
        this.options.get(this.order[to])?.node.focus();
    }

    /**
     * @param {By} by
     * @param {Map<number, number>} likeness channel -> cosine
     */
    sort(by, likeness) {
        this.cosines = by === "likeness" ? likeness : null;
        for (const [channel, option] of this.options) this.label(channel, option);
        const order = this.tiles.order(by, likeness);
        if (order.join() === this.order.join()) return;
        this.order = order;
        const focus = document.activeElement,
            top = this.node.scrollTop;
        this.node.replaceChildren(...order.flatMap((channel) => this.options.get(channel)?.node ?? []));
        this.node.scrollTop = top;
        if (focus instanceof HTMLElement && this.node.contains(focus)) focus.focus({ preventScroll: true });
    }

    close() {
        this.watcher.disconnect();
    }
}

/** @param {Element} node */
const channelOf = (node) => Number(node.getAttribute("data-channel"));

/**
 * Its name is what it says: seen are the number and the score, and the words between them are for those who do not see
 * it.
 * @param {Words} said
 * @param {number} channel
 */
function optionOf(said, channel) {
    const word = (/** @type {string} */ text) => element("span", { className: "ag-word" }, text);
    const picture = element("span", { className: "ag-picture" }),
        words = word(said.tile_not_made),
        number = element("span", { className: "ag-score" }),
        name = element("span", {}, word(said.tile_channel), String(channel));
    const node = element(
        "div",
        {
            className: "ag-tile",
            role: "option",
            "data-channel": channel,
            "data-testid": `tile-${channel}`,
            "aria-selected": "false",
        },
        picture,
        element("span", { className: "ag-label" }, name, words, number),
    );
    return { node, picture, words, number };
}

/**
 * The finer picture takes the coarse one's place when it has come: no gap between them.
 * @param {Option} option
 * @param {string} source
 */
function picture(option, source) {
    let image = option.picture.querySelector("img");
    if (!image) {
        image = element("img", { loading: "lazy", alt: "", decoding: "async", draggable: false });
        option.picture.replaceChildren(image);
    }
    image.src = source;
}
