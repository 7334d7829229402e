// A trial: two images, what is shown beside them, and the answers; after one for practice, what was right.

/** @import { QuizFeedback, QuizTrial } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { Answers } from "./answers.js";
import { counted, progress, spelled } from "./words.js";

/**
 * @typedef {object} Asked what is asked for on it
 * @property {(answer: number) => void} answer
 * @property {() => void} next after what was said to an answer
 */

export class Trial {
    drawn = "";
    /** @type {number | null} */
    number = null;

    /**
     * @param {string} door
     * @param {Record<string, string>} words
     * @param {Asked} asked
     */
    constructor(door, words, asked) {
        this.door = door;
        this.words = words;
        this.answers = new Answers(words, asked.answer);
        this.count = element("span", { className: "aq-count", role: "status", "data-testid": "quiz-count" });
        this.wait = element("p", { className: "aq-note aq-wait", "data-testid": "quiz-wait" });
        this.sides = {
            least: element("div", { className: "aq-least" }),
            most: element("div", { className: "aq-most" }),
        };
        this.queries = element("div", { className: "aq-queries" });
        this.bare = element("p", { className: "aq-note aq-bare" }, words.bare);
        this.said = element("p", { className: "aq-said", role: "status", "data-testid": "quiz-said" });
        this.next = element(
            "button",
            { type: "button", className: "aq-button aq-primary", "data-testid": "quiz-next" },
            words.next,
        );
        this.next.addEventListener("click", asked.next);
        this.feedback = element("div", { className: "aq-feedback", hidden: true }, this.said, this.next);
        this.question = element("p", { className: "aq-question", tabIndex: -1 }, words.question);
        const top = element("div", { className: "aq-top" }, this.count, this.question);
        this.middle = element("div", { className: "aq-middle" }, this.queries, this.answers.node, this.feedback);
        this.stage = element("div", { className: "aq-stage" }, this.sides.least, this.middle, this.sides.most);
        this.node = element(
            "div",
            { className: "aq-trial", "data-testid": "quiz-trial" },
            top,
            this.bare,
            this.stage,
            this.wait,
        );
    }

    /** @param {QuizTrial} news */
    draw(news) {
        const { number, condition, waits } = news,
            drawn = `${number} ${waits}`;
        show(this.count, counted(news, this.words));
        show(this.wait, progress(news, this.words));
        if (drawn === this.drawn) return;
        this.drawn = drawn;
        this.feedback.hidden = true;
        this.answers.node.hidden = false;
        this.answers.open = !waits;
        this.bare.hidden = news.slots.length > 0;
        Object.assign(this.node.dataset, { condition, number: String(number), waits: String(waits) });
        this.queries.replaceChildren(...["left", "right"].map((slot) => this.#picture(number, slot)));
        for (const end of /** @type {const} */ (["least", "most"])) this.#beside(end, news);
        // an answer that had the focus would be one to images that nobody has looked at
        const moved = this.number !== null && number !== this.number;
        if (moved && this.node.contains(document.activeElement)) this.question.focus();
        this.number = number;
    }

    /**
     * @param {"least" | "most"} end
     * @param {QuizTrial} news
     */
    #beside(end, { number, slots, waits }) {
        const mine = slots.filter((slot) => slot.startsWith(end));
        this.sides[end].hidden = !mine.length;
        this.sides[end].replaceChildren(
            element("p", { className: "aq-end" }, this.words[end]),
            element("div", { className: "aq-pictures" }, ...mine.map((slot) => this.#figure(number, slot, waits))),
        );
    }

    /**
     * @param {number} number
     * @param {string} slot such as "least-natural"
     * @param {boolean} waits whether some pictures of the trial are still to be made
     */
    #figure(number, slot, waits) {
        const kind = slot.split("-")[1],
            made = !waits || kind === "natural",
            blank = element("span", { className: "aq-blank", role: "img", "aria-label": this.words.starting }, "…");
        return element(
            "figure",
            { className: "aq-figure" },
            made ? this.#picture(number, slot) : blank,
            element("figcaption", {}, this.words[kind]),
        );
    }

    /**
     * @param {number} number
     * @param {string} slot
     */
    #picture(number, slot) {
        const alt = this.words[`alt_${slot.replace("-", "_")}`],
            src = `${this.door}/${number}/${slot}.jpg`;
        return element("img", { className: "aq-picture", src, alt, draggable: false, "data-slot": slot });
    }

    /**
     * What was right, in practice; the images stay.
     * @param {QuizFeedback} feedback
     */
    tell({ right, side, layer, channel, values }) {
        const { words } = this,
            other = side === "left" ? "right" : "left",
            sentence = filled(words.practice_said, {
                ...{ side: words[`side_${side}`], layer, channel },
                ...{ more: spelled(values[side], words), less: spelled(values[other], words) },
            });
        show(this.said, `${right ? words.correct : words.wrong} ${sentence}`);
        this.feedback.hidden = false;
        this.answers.open = false;
        this.answers.node.hidden = true;
        this.queries.querySelector(`[data-slot="${side}"]`)?.classList.add("aq-right");
        this.drawn = "";
        this.next.focus();
    }

    close() {
        this.answers.close();
    }
}
