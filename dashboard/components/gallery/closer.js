// One channel, larger, with what is known of it and what can be done with it.

import { element, show } from "../parts/element.js";
import { cosine, HINT, spoken } from "./thumbnails.js";

const WORDS = { silent: "Dead channel: its score stayed at 0.", failed: "This picture could not be made: " };

export class Closer {
    // open(channel), add(channel)
    constructor(data, { open, add }) {
        this.channel = null;
        this.image = element("img", { className: "ag-large", alt: "", hidden: true });
        this.note = element("p", { className: "ag-note" }, "Click a picture to see it larger.");
        this.place = element("div", { className: "ag-place" }, this.image, this.note);
        this.place.style.aspectRatio = `${data.width} / ${data.height}`;
        this.title = element("div", { className: "av-title", "data-testid": "chosen", "aria-live": "polite" });
        this.facts = element("dl", { className: "ag-facts", "data-testid": "facts" });
        this.openButton = element(
            "button",
            {
                type: "button",
                className: "av-button",
                "data-testid": "open",
                disabled: true,
                title: "See it in Explore, to make it at full size there",
            },
            "Open in Explore",
        );
        this.openButton.addEventListener("click", () => open(this.channel));
        this.addButton = element(
            "button",
            {
                type: "button",
                className: "av-button",
                "data-testid": "add",
                disabled: true,
                title: "Adds it as a column of the Compare page",
            },
            "Add to comparison",
        );
        this.addButton.addEventListener("click", () => add(this.channel));
        this.actions = element(
            "div",
            { className: "ag-actions", role: "group", "aria-label": "this channel" },
            this.openButton,
            this.addButton,
        );
        const hint = element(
            "p",
            { className: "ag-hint", id: HINT },
            "Arrow keys select the next picture. Enter or a double click opens it in Explore.",
        );
        const words = element("div", { className: "ag-words" }, this.title, this.facts, this.actions, hint);
        this.node = element(
            "aside",
            { className: "ag-closer", "aria-label": "the channel looked at" },
            this.place,
            words,
        );
    }

    // tile: as Thumbnails keeps it, if there is one yet; rank: as it tells it, or null; similarity: { to, value } or null
    show(channel, tile, rank, similarity) {
        if (channel === null) return;
        this.channel = channel;
        this.openButton.disabled = this.addButton.disabled = false;
        show(this.title, `Channel ${channel}`);
        this.image.hidden = !tile?.source;
        this.note.hidden = Boolean(tile?.source);
        if (tile?.source && this.image.getAttribute("src") !== tile.source) this.image.src = tile.source;
        if (tile?.source) this.image.alt = `channel ${channel}, score ${spoken(tile.score)}`;
        show(this.note, tile?.flag ? WORDS[tile.flag] + tile.reason : "Not made yet.");
        const facts =
            tile && !tile.flag
                ? {
                      score: spoken(tile.score),
                      rank: rank.all ? `${rank.place} of ${rank.of}` : `${rank.place} of the ${rank.of} made so far`,
                  }
                : {};
        if (rank?.all) facts["higher than"] = `${rank.above} % of this layer`;
        if (rank) facts.picture = tile.stage === "coarse" ? "preview" : "finished";
        if (similarity) facts[`similarity to ${similarity.to}`] = cosine(similarity.value);
        this.facts.replaceChildren(
            ...Object.entries(facts).map(([name, value]) =>
                element("div", {}, element("dt", {}, name), element("dd", {}, value)),
            ),
        );
    }
}
