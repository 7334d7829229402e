// The six answers: under each of the two images how sure one is. A number key gives one, arrows lead on.

import { element, show } from "../parts/element.js";
import { goal } from "../parts/goal.js";
import { keyboard } from "../parts/keys.js";

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
        this.keys = this.#keys(words);
        keyboard.add(this.keys);
    }

    /** @param {Record<string, string>} words */
    #keys(words) {
        const able = () => this.node.checkVisibility(),
            give = SURE.map((_, index) => [
                String(index + 1),
                (/** @type {KeyboardEvent} */ { repeat }) => repeat || this.#give(index),
            ]),
            move = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].map((key) => [key, () => this.#move(key)]);
        return [
            { does: words.keys_answer, on: Object.fromEntries(give), able },
            { does: words.keys_arrows, on: Object.fromEntries(move), able },
        ];
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

    /** @param {string} key */
    #move(key) {
        const here = ROWS.findIndex((index) => this.buttons[index] === document.activeElement),
            next = goal(key, here, 2, ROWS.length - 1) ?? 0,
            at = here < 0 ? 0 : Math.min(ROWS.length - 1, Math.max(0, next));
        this.buttons[ROWS[at]].focus();
    }

    close() {
        keyboard.remove(this.keys);
    }
}
