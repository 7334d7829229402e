// What is to be reached at a step, and what of it is: sentences with numbers, as they are now.

/** @import { LessonNews } from "../messages.js" */

import { element, show } from "../parts/element.js";

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
     * @param {Record<string, string>} words
     */
    draw(checks, met, words) {
        this.node.hidden = !checks.length;
        show(this.heading, words.tasks);
        while (this.lines.length < checks.length) this.lines.push(line());
        this.lines.length = checks.length;
        if (this.list.childElementCount !== checks.length) this.list.replaceChildren(...this.lines);
        checks.forEach(([said, reached], index) => {
            const node = this.lines[index],
                [mark, word, text] = node.children;
            node.dataset.met = String(reached);
            show(mark, reached ? "✓" : "○");
            show(word, `${reached ? words.met : words.open}: `);
            show(text, said);
        });
        show(this.end, met && checks.length ? words.all_met : "");
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
