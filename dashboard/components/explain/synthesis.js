// The picture that the target likes best, beside the maps: shown while it is being made.

import { element } from "../parts/element.js";
import { SynthesizedPicture } from "../parts/synthesized.js";

const WORDS = {
    synthesized_alt: "synthesized picture of {title}",
    synthesized_waiting: "waiting to be made",
    synthesized_running: "being made, iteration {n} of {of}",
    synthesized_finished: "synthesized, without any image",
    synthesized_none: "There is no synthesized picture of this target.",
};

export class Synthesis extends SynthesizedPicture {
    /**
     * @param {string} source
     * @param {string} title of the target
     * @param {() => void} open in Explore
     */
    constructor(source, title, open) {
        const words = { className: "ax-note", role: "status", "data-testid": "synthesis" };
        super(WORDS, source, title, element("span", words));
        this.source = source;
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
    }
}
