// What is to be reached at a step, and what of it is: sentences with numbers, as they are now.

/** @import { LessonNews } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { reached } from "./words.js";

export class Tasks {
    /** @type {HTMLElement[]} */
    lines = [];

    constructor() {
        this.heading = element("h4", { className: "al-heading" });
        this.list = element("ul", { className: "al-tasks" });
        this.end = element("p", { className: "al-met", role: "status", "data-testid": "met" });
        this.node = element("div", { "data-testid": "tasks" }, this.heading, this.list, this.end);
    }

    /**
     * @param {LessonNews["checks"]} checks
     * @param {boolean} met whether all have been met, now or before
     * @param {boolean} now whether they are now
     * @param {Record<string, string>} words
     */
    draw(checks, met, now, words) {
        this.node.hidden = !checks.length;
        show(this.heading, words.tasks);
        while (this.lines.length < checks.length) this.lines.push(line());
        this.lines.length = checks.length;
        if (this.list.childElementCount !== checks.length) this.list.replaceChildren(...this.lines);
        checks.forEach(([said, done], index) => {
            const node = this.lines[index],
                [mark, word, text] = node.children;
            node.dataset.met = String(done);
            show(mark, done ? "✓" : "○");
            show(word, `${done ? words.met : words.open}${words.colon} `);
            show(text, said);
        });
        const said = checks.length ? reached(words, met, now) : "";
        // A run may meet them one moment and not the next: once is said aloud.
        this.end.ariaLive = this.end.textContent && said ? "off" : "polite";
        show(this.end, said);
    }
}

/** Its mark, the same in words for those who do not see it, and the sentence. */
function line() {
    return element(
        "li",
        {},
        element("span", { className: "al-mark", "aria-hidden": "true" }),
        element("span", { className: "al-word" }),
        element("span"),
    );
}
