// The way through the steps: one back, one on, and a dot for each.

/** @import { LessonData } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { keyboard } from "../parts/keys.js";

export class Steps {
    /** @type {LessonData | null} */
    data = null;
    drawn = "";

    /** @param {(step: string) => void} go */
    constructor(go) {
        this.go = go;
        this.back = arrow("previous", () => this.#turn("before"));
        this.on = arrow("next", () => this.#turn("after"));
        this.dots = element("ol", { className: "al-dots" });
        this.count = element("span", { className: "al-count", "data-testid": "count" });
        const row = element("div", { className: "al-row" }, this.back, this.count, this.on);
        this.node = element("nav", { className: "al-steps", "data-testid": "steps" }, this.dots, row);
        this.keys = this.#table();
        keyboard.add(this.keys);
    }

    /** @param {"before" | "after"} way */
    #turn(way) {
        if (this.data?.[way]) this.go(this.data[way]);
    }

    #table() {
        const words = () => /** @type {Record<string, string>} */ (this.data?.words ?? {}),
            entry = (/** @type {string} */ key, /** @type {"before" | "after"} */ way, /** @type {string} */ name) => ({
                on: { [key]: () => this.#turn(way) },
                able: () => Boolean(this.data?.[way]),
                get does() {
                    return words()[name];
                },
            });
        return [entry("n", "after", "keys_next"), entry("p", "before", "keys_previous")];
    }

    /**
     * @param {LessonData} data
     * @param {boolean} done whether the step that is shown is
     */
    draw(data, done) {
        const { words, steps, step, before, after } = data,
            last = steps.at(-1)?.id === step,
            at = steps.findIndex(({ id }) => id === step);
        this.data = data;
        this.node.setAttribute("aria-label", words.steps);
        this.back.disabled = !before;
        this.on.hidden = !after;
        show(this.back, `← ${words.previous}`);
        show(this.on, last ? words.finish : `${done ? words.next : words.skip} →`);
        this.on.classList.toggle("al-primary", done || last);
        show(this.count, at < 0 ? "" : filled(words.step, { n: at + 1, of: steps.length }));
        const drawn = JSON.stringify([steps, step, done, words.language]);
        if (drawn === this.drawn) return;
        this.drawn = drawn;
        this.dots.replaceChildren(...steps.map((each, index) => this.#dot(each, index, done)));
    }

    /**
     * @param {LessonData["steps"][number]} step
     * @param {number} index
     * @param {boolean} finished whether the current one is done
     */
    #dot({ id, title, done }, index, finished) {
        const { words, step } = /** @type {LessonData} */ (this.data),
            current = id === step,
            ready = done || (current && finished),
            name = `${index + 1}. ${title}${ready ? `, ${words.done}` : ""}`;
        const dot = element(
            "button",
            {
                ...{ type: "button", className: "al-dot", title: name, "data-testid": `dot-${id}` },
                ...{ "aria-label": name, "aria-current": current ? "step" : null, "data-done": String(ready) },
            },
            ready ? "✓" : String(index + 1),
        );
        dot.addEventListener("click", () => this.go(id));
        return element("li", {}, dot);
    }

    close() {
        keyboard.remove(this.keys);
    }
}

/**
 * @param {string} testid
 * @param {() => void} act
 */
function arrow(testid, act) {
    const node = element("button", { type: "button", className: "al-button", "data-testid": testid });
    node.addEventListener("click", act);
    return node;
}
