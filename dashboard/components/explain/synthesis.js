// The picture that the target likes best, beside the maps: shown while it is being made.

import { element, show } from "../parts/element.js";
import { Poller } from "../parts/poller.js";
import { decode, synthesisWords } from "../parts/synthesized.js";

/** @import { Made } from "../parts/synthesized.js" */

export class Synthesis {
    /**
     * @param {string} source
     * @param {string} title of the target
     * @param {() => void} open in Explore
     */
    constructor(source, title, open) {
        this.source = source;
        this.image = element("img", { alt: `synthesized picture of ${title}`, draggable: false, hidden: true });
        this.words = element("span", { className: "ax-note", role: "status", "data-testid": "synthesis" });
        show(this.words, "waiting to be made");
        const named = { type: "button", className: "av-button ax-plain", "data-testid": "open" },
            link = element("button", named, "Open in Explore");
        link.addEventListener("click", open);
        this.node = element(
            "article",
            { className: "ax-panel ax-synthesized", "aria-label": "synthesized picture", "data-testid": "synthesized" },
            element("div", { className: "ax-head" }, element("h3", { className: "ax-title" }, "What it likes best")),
            this.words,
            element("div", { className: "ax-over" }, this.image),
            link,
        );
        this.poller = new Poller(source, () => document.visibilityState === "visible", {
            decode,
            receive: (made) => this.#receive(made),
            connected: () => {},
            unknown: () => show(this.words, "There is no synthesized picture of this target."),
        });
    }

    /** @param {Made} made */
    #receive({ header, iterations, picture }) {
        show(this.words, synthesisWords(header.status, header.step, iterations));
        this.node.dataset.status = header.status;
        if (!picture.size) return;
        const before = this.image.src;
        this.image.src = URL.createObjectURL(picture);
        this.image.hidden = false;
        if (before) URL.revokeObjectURL(before);
    }

    close() {
        this.poller.close();
        if (this.image.src) URL.revokeObjectURL(this.image.src);
    }
}
