// One channel, larger, with what is known of it and what can be done with it.

/**
 * @import { GalleryData } from "../messages.js"
 * @import { Rank, Tile } from "./tiles.js"
 * @import { Similarity } from "./words.js"
 */

import { element, show } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { HINT } from "./thumbnails.js";
import { factsOf, lackWords, spoken } from "./words.js";

export class Details {
    channel = 0;

    /**
     * @param {GalleryData} data
     * @param {{ open: (channel: number) => void, add: (channel: number) => void }} act
     */
    constructor({ width, height, words }, { open, add }) {
        this.words = words;
        this.image = element("img", { className: "ag-large", alt: "", hidden: true });
        this.note = element("p", { className: "ag-note" }, words.click);
        this.place = element("div", { className: "ag-place" }, this.image, this.note);
        this.place.style.aspectRatio = `${width} / ${height}`;
        this.title = element("div", { className: "av-title", "data-testid": "chosen", "aria-live": "polite" });
        this.facts = element("dl", { className: "ag-facts", "data-testid": "facts" });
        this.open = action("open", words.open, words.open_hint, () => open(this.channel));
        this.add = action("add", words.add, words.add_hint, () => add(this.channel));
        const actions = element(
            "div",
            { className: "ag-actions", role: "group", "aria-label": words.actions },
            ...[this.open, this.add],
        );
        const hint = element("p", { className: "ag-hint", id: HINT }, words.keys),
            told = element("div", { className: "ag-words" }, this.title, this.facts, actions, hint);
        this.node = element("aside", { className: "ag-details", "aria-label": words.details }, this.place, told);
    }

    /**
     * @param {number} channel
     * @param {Tile | undefined} tile if there is one yet
     * @param {Rank | null} rank
     * @param {Similarity | null} similarity
     */
    show(channel, tile, rank, similarity) {
        const source = tile?.source,
            { words } = this;
        this.channel = channel;
        this.open.disabled = this.add.disabled = false;
        show(this.title, filled(words.channel, { n: channel }));
        this.image.hidden = !source;
        this.note.hidden = Boolean(source);
        if (source && this.image.getAttribute("src") !== source) this.image.src = source;
        if (source) this.image.alt = filled(words.picture, { n: channel, score: spoken(words, tile.score) });
        show(this.note, lackWords(words, tile));
        const facts = Object.entries(factsOf(words, tile, rank, similarity)).map(([name, value]) =>
            element("div", {}, element("dt", {}, name), element("dd", {}, value)),
        );
        this.facts.replaceChildren(...facts);
    }
}

/**
 * @param {string} name
 * @param {string} text
 * @param {string} title
 * @param {() => void} act
 */
function action(name, text, title, act) {
    const properties = { type: "button", className: "av-button", "data-testid": name, disabled: true, title };
    const button = element("button", properties, text);
    button.addEventListener("click", act);
    return button;
}
