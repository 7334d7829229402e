// The line that leads back in the history of the runs that are shown.

/**
 * @import { Recorded } from "../messages.js"
 * @import { Words } from "./words.js"
 */

import { button, cell, element, line, show } from "../parts/element.js";
import { filled } from "../parts/filled.js";

export class Scrubber {
    /**
     * @param {Words} words
     * @param {(iteration: number | null) => void} scrub null: back to the newest picture
     */
    constructor(words, scrub) {
        this.words = words;
        this.slider = element("input", {
            type: "range",
            className: "av-scrub",
            "data-testid": "scrub",
            "aria-label": words.history_label,
            min: 0,
            max: 0,
            value: 0,
            disabled: true,
        });
        this.slider.addEventListener("input", () => scrub(Number(this.slider.value)));
        this.shown = cell("shown");
        this.live = button("live", words.live, words.live_hint, () => scrub(null));
        this.node = line(element("span", { className: "av-back" }, words.history), this.slider, this.shown, this.live);
    }

    /** @param {-1 | 1} by */
    step(by) {
        if (by < 0) this.slider.stepDown();
        else this.slider.stepUp();
        this.slider.dispatchEvent(new Event("input", { bubbles: true }));
    }

    /**
     * @param {Recorded | null} recorded
     * @param {number | null} scrubbed the iteration looked back at
     * @param {boolean} cut whether the server is out of reach
     */
    update(recorded, scrubbed, cut) {
        const { slider, words } = this;
        slider.disabled = !recorded || cut;
        if (recorded) Object.assign(slider, { min: recorded.first, step: recorded.spacing, max: recorded.last });
        slider.value = String(scrubbed ?? recorded?.last ?? 0);
        slider.setAttribute("aria-valuetext", filled(words.iteration_at, { n: slider.value }));
        show(this.shown, scrubbed === null ? "" : filled(words.shows, { n: scrubbed }));
        this.live.disabled = scrubbed === null;
    }
}
