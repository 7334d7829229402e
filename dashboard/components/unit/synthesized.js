// The picture that maximizes the unit, shown while it is being made.

/** @import { Made } from "../parts/synthesized.js" */

import { element, show } from "../parts/element.js";
import { Poller } from "../parts/poller.js";
import { decode, synthesisWords } from "../parts/synthesized.js";

export class Synthesized {
    /**
     * @param {string} source
     * @param {string} title of the unit
     */
    constructor(source, title) {
        this.image = element("img", { alt: `synthesized picture of ${title}`, draggable: false, hidden: true });
        this.words = element("figcaption", { className: "au-note", role: "status" }, "waiting to be made");
        this.frame = element("div", { className: "au-picture" }, this.image);
        this.node = element(
            "figure",
            { className: "au-synthesized", "data-testid": "unit-synthesized" },
            element("h4", { className: "au-title" }, "Synthesized"),
            this.frame,
            this.words,
        );
        this.poller = new Poller(source, () => document.visibilityState === "visible", {
            decode,
            receive: (made) => this.#receive(made),
            connected: () => {},
            unknown: () => show(this.words, "There is no synthesized picture of this unit."),
        });
        this.poller.ask();
        this.looked = () => this.poller.ask();
        document.addEventListener("visibilitychange", this.looked);
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
        document.removeEventListener("visibilitychange", this.looked);
        this.poller.close();
        if (this.image.src) URL.revokeObjectURL(this.image.src);
    }
}
