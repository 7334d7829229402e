// The picture that maximizes the unit, shown while it is being made.

/** @import { Words } from "./words.js" */

import { element } from "../parts/element.js";
import { SynthesizedPicture } from "../parts/synthesized.js";

export class Synthesized extends SynthesizedPicture {
    /**
     * @param {Words} words
     * @param {string} source
     * @param {string} title of the unit
     */
    constructor(words, source, title) {
        super(words, source, title, element("figcaption", { className: "au-note", role: "status" }));
        this.node = element(
            "figure",
            { className: "au-synthesized", "data-testid": "unit-synthesized" },
            element("h4", { className: "au-title" }, words.synthesized),
            element("div", { className: "au-picture" }, this.image),
            this.words,
        );
        this.poller.ask();
        this.looked = () => this.poller.ask();
        document.addEventListener("visibilitychange", this.looked);
    }

    close() {
        document.removeEventListener("visibilitychange", this.looked);
        super.close();
    }
}
