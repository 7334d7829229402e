// The six answers: under each of the two images how sure one is. A number key gives one, arrows lead on.

import { element, show } from "../parts/element.js";
import { Keys } from "../parts/keys.js";
import { goal } from "../parts/goal.js";

const SURE = [3, 2, 1, 1, 2, 3]; // of the answers 1 to 6: three to the left image, three to the right one
const ROWS = [0, 5, 1, 4, 2, 3]; // as they stand: the surest at the top, two side by side

export class Answers {
    /**
     * @param {Record<string, string>} words
     * @param {(answer: number) => void} give
     */
    constructor(words, give) {
        this.give = give;
        this.buttons = SURE.map((sure, index) => this.#button(index, sure, words));
        this.node = element(
            "div",
            { className: "aq-answers", role: "group", "aria-label": words.answers },
            ...ROWS.map((index) => this.buttons[index]),
        );
        this.keys = new Keys([
            ["1 2 3 4 5 6", words.keys_answer],
            ["← → ↑ ↓", words.keys_arrows],
        ]);
        this.pressed = (/** @type {KeyboardEvent} */ event) => this.#press(event);
        document.addEventListener("keydown", this.pressed);
    }

    /**
     * @param {number} index
     * @param {number} sure
     * @param {Record<string, string>} words
     */
    #button(index, sure, words) {
        const side = index < 3 ? words.left : words.right,
            said = words[`sure_${sure}`];
        const button = element(
            "button",
            {
                type: "button",
                className: "aq-answer",
                "data-testid": `answer-${index + 1}`,
                "aria-label": `${side}, ${said}`,
            },
            element("kbd", { "aria-hidden": "true" }, String(index + 1)),
        );
        const text = element("span", {});
        show(text, `${side}, ${said}`);
        button.append(text);
        button.addEventListener("click", () => this.#give(index));
        return button;
    }

    /** @param {number} index */
    #give(index) {
        if (this.open) this.give(index + 1);
    }

    /** @param {boolean} open whether one can be given now */
    set open(open) {
        this.node.dataset.open = String(open);
        for (const button of this.buttons) button.setAttribute("aria-disabled", String(!open));
    }

    get open() {
        return this.node.dataset.open === "true";
    }

    /** @param {KeyboardEvent} event */
    #press(event) {
        if (event.repeat || !this.node.isConnected || this.node.closest("[hidden]") || !this.keys.take(event)) return;
        if (/^[1-6]$/.test(event.key)) return this.#give(Number(event.key) - 1);
        const here = ROWS.findIndex((index) => this.buttons[index] === document.activeElement),
            next = goal(event.key, here, 2, ROWS.length - 1);
        if (next === null || !event.key.startsWith("Arrow")) return;
        event.preventDefault();
        const at = here < 0 ? 0 : Math.min(ROWS.length - 1, Math.max(0, next));
        this.buttons[ROWS[at]].focus();
    }

    close() {
        document.removeEventListener("keydown", this.pressed);
    }
}
