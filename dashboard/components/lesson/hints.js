// Hints: one after the other, each only when it is asked for, and offered after a while.

/** @import { LessonData } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { inline } from "./inline.js";

export class Hints {
    /** @param {() => void} ask */
    constructor(ask) {
        this.button = element("button", {
            type: "button",
            className: "al-button",
            "data-testid": "hint",
            hidden: true,
        });
        this.button.addEventListener("click", ask);
        this.list = element("div", { className: "al-hints", role: "status" });
        this.node = element("div", {}, this.list, this.button);
    }

    /** @param {LessonData} data */
    draw({ hints, words }) {
        show(this.button, hints.length ? words.next_hint : words.hint);
        if (this.list.childElementCount === hints.length && this.said === hints.join()) return;
        this.said = hints.join();
        const lines = hints.map((hint) => [element("strong", {}, `${words.hints}${words.colon} `), ...inline(hint)]);
        this.list.replaceChildren(...lines.map((nodes) => element("p", { className: "al-hint" }, ...nodes)));
    }

    /** @param {boolean} offered */
    offer(offered) {
        const focused = document.activeElement === this.button;
        this.button.hidden = !offered;
        if (focused && !offered) this.list.lastElementChild?.scrollIntoView({ block: "nearest" });
    }
}
