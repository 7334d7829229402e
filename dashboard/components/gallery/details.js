// One channel, larger, with what is known of it and what can be done with it.

/**
 * @import { GalleryData } from "../messages.js"
 * @import { Rank, Tile } from "./tiles.js"
 * @typedef {{ to: number, value: number }} Similarity
 */

import { element, show } from "../parts/element.js";
import { HINT } from "./thumbnails.js";
import { cosine, DEAD, spoken } from "./tiles.js";

const WORDS = { silent: DEAD, failed: "This picture could not be made: " };
const KEYS = "Arrow keys select the next picture. Enter or a double click opens it in Explore.";

export class Details {
    channel = 0;

    /**
     * @param {GalleryData} data
     * @param {{ open: (channel: number) => void, add: (channel: number) => void }} act
     */
    constructor(data, { open, add }) {
        this.image = element("img", { className: "ag-large", alt: "", hidden: true });
        this.note = element("p", { className: "ag-note" }, "Click a picture to see it larger.");
        this.place = element("div", { className: "ag-place" }, this.image, this.note);
        this.place.style.aspectRatio = `${data.width} / ${data.height}`;
        this.title = element("div", { className: "av-title", "data-testid": "chosen", "aria-live": "polite" });
        this.facts = element("dl", { className: "ag-facts", "data-testid": "facts" });
        this.open = action("open", "Open in Explore", "See it in Explore, to make it at full size there", () =>
            open(this.channel),
        );
        this.add = action("add", "Add to comparison", "Adds it as a column of the Compare page", () =>
            add(this.channel),
        );
        const actions = element(
            "div",
            { className: "ag-actions", role: "group", "aria-label": "this channel" },
            ...[this.open, this.add],
        );
        const hint = element("p", { className: "ag-hint", id: HINT }, KEYS),
            words = element("div", { className: "ag-words" }, this.title, this.facts, actions, hint);
        this.node = element(
            "aside",
            { className: "ag-details", "aria-label": "the channel looked at" },
            this.place,
            words,
        );
    }

    /**
     * @param {number} channel
     * @param {Tile | undefined} tile if there is one yet
     * @param {Rank | null} rank
     * @param {Similarity | null} similarity
     */
    show(channel, tile, rank, similarity) {
        const source = tile?.source;
        this.channel = channel;
        this.open.disabled = this.add.disabled = false;
        show(this.title, `Channel ${channel}`);
        this.image.hidden = !source;
        this.note.hidden = Boolean(source);
        if (source && this.image.getAttribute("src") !== source) this.image.src = source;
        if (source) this.image.alt = `channel ${channel}, score ${spoken(tile.score)}`;
        show(this.note, tile?.flag ? WORDS[tile.flag] + tile.reason : "Not made yet.");
        const facts = Object.entries(factsOf(tile, rank, similarity)).map(([name, value]) =>
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

/**
 * What is known of a channel, by name.
 * @param {Tile | undefined} tile
 * @param {Rank | null} rank
 * @param {Similarity | null} similarity
 */
export function factsOf(tile, rank, similarity) {
    /** @type {{ [name: string]: string }} */
    const facts = {};
    if (tile && rank) {
        facts.score = spoken(tile.score);
        facts.rank = rank.all ? `${rank.place} of ${rank.of}` : `${rank.place} of the ${rank.of} made so far`;
        if (rank.all) facts["higher than"] = `${rank.above} % of this layer`;
        facts.picture = tile.stage === "coarse" ? "preview" : "finished";
    }
    if (similarity) facts[`similarity to ${similarity.to}`] = cosine(similarity.value);
    return facts;
}
