// The question of a step: answers to choose from, or a slider for what is expected; each with what is said to it.

/** @import { LessonData, LessonNews, LessonQuestion } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { inline } from "./inline.js";
import { compared, judged, short } from "./words.js";

const PAUSE = 1000; // ms between two answers (actions/lessons.py)
const STEPS = 100; // of the slider

/**
 * @typedef {object} Asked what is asked for on it
 * @property {(index: number) => void} answer
 * @property {(value: number) => void} estimate
 */

export class Question {
    drawn = "";
    place = "";
    /** @type {HTMLElement | null} where prediction and result stand side by side */
    result = null;

    /** @param {Asked} asked */
    constructor(asked) {
        this.asked = asked;
        this.node = element("fieldset", { className: "al-question", "data-testid": "question" });
    }

    /** @param {LessonData} data */
    draw({ question, words, covered, lesson, step }) {
        this.node.hidden = !question;
        const drawn = JSON.stringify([question, covered, lesson, step, words.language]);
        if (!question || drawn === this.drawn) return;
        this.drawn = drawn;
        this.words = words;
        this.question = question;
        const place = `${lesson} ${step}`,
            focused = place === this.place ? focusOf(this.node) : undefined,
            note = element("p", { className: "al-note", "data-testid": "predict" }, words.predict);
        this.place = place;
        this.node.replaceChildren(
            element("legend", {}, ...inline(question.text)),
            ...(covered ? [note] : []),
            ...(question.estimate ? this.#slider(question.estimate) : this.#choices(question)),
        );
        /** @type {HTMLElement | null} */ (focused && this.node.querySelector(`[data-focus="${focused}"]`))?.focus();
    }

    /** @param {LessonQuestion} question */
    #choices({ choices, first }) {
        const settled = choices.some(({ right }) => right),
            wrong = !settled && first !== null;
        const nodes = choices.map((choice) => this.#choice(choice, settled, choice.index === first));
        if (!wrong) return nodes;
        const again = element("p", { className: "al-note", role: "status" }, this.words?.retry ?? "");
        this.#rest();
        return [...nodes, again];
    }

    /**
     * @param {LessonQuestion["choices"][number]} choice
     * @param {boolean} settled
     * @param {boolean} first
     */
    #choice({ index, text, right, feedback }, settled, first) {
        const words = this.words ?? {},
            given = right !== null,
            className = `al-choice${given ? (right ? " al-right" : " al-wrong") : ""}`;
        const button = element(
            "button",
            {
                type: "button",
                className,
                "data-testid": `choice-${index}`,
                "data-focus": index,
                "aria-disabled": String(given || settled),
                "aria-pressed": String(given),
            },
            element("span", { className: "al-mark", "aria-hidden": "true" }, given ? (right ? "✓" : "✗") : ""),
            element("span", {}, ...inline(text)),
            ...(first ? [element("span", { className: "al-tag" }, words.prediction)] : []),
        );
        button.addEventListener("click", () => {
            if (button.getAttribute("aria-disabled") === "false") this.asked.answer(index);
        });
        const [verdict, rest] = judged(words, right, feedback),
            said = [element("strong", {}, verdict), ...inline(rest)],
            answer = given
                ? [element("p", { className: "al-feedback", "data-testid": `feedback-${index}` }, ...said)]
                : [];
        return element("div", { className: "al-answer" }, button, ...answer);
    }

    /** After a wrong answer the others can be given a second later. */
    #rest() {
        const nodes = this.node.getElementsByClassName("al-choice"),
            { drawn } = this;
        queueMicrotask(() => {
            const open = [...nodes].filter((node) => node.getAttribute("aria-disabled") === "false");
            open.forEach((node) => node.setAttribute("aria-disabled", "true"));
            setTimeout(() => {
                if (this.drawn === drawn) open.forEach((node) => node.setAttribute("aria-disabled", "false"));
            }, PAUSE);
        });
    }

    /** @param {NonNullable<LessonQuestion["estimate"]>} estimate */
    #slider({ low, high, given }) {
        const words = this.words ?? {};
        this.result = element("p", { className: "al-result", role: "status", "data-testid": "result" });
        if (given !== null) return [this.result];
        const step = Number(((high - low) / STEPS).toPrecision(1)),
            input = element("input", {
                ...{ type: "range", className: "al-slider", "data-testid": "estimate", "data-focus": "slider" },
                ...{ min: String(low), max: String(high), step: String(step), value: String((low + high) / 2) },
                "aria-label": words.slide,
            }),
            value = element("output", { className: "al-value" }, short(words, input.valueAsNumber)),
            send = element("button", { type: "button", className: "al-button", "data-testid": "send" }, words.send);
        input.addEventListener("input", () => show(value, short(words, input.valueAsNumber)));
        send.addEventListener("click", () => this.asked.estimate(input.valueAsNumber));
        const ends = [element("span", {}, short(words, low)), input, element("span", {}, short(words, high)), value];
        return [
            element("p", { className: "al-note" }, words.slide),
            element("div", { className: "al-line" }, ...ends),
            send,
            this.result,
        ];
    }

    /** @param {LessonNews} news */
    hear({ now, ended }) {
        const estimate = this.question?.estimate;
        if (!this.result || !estimate || estimate.given === null) return;
        show(this.result, compared(this.words ?? {}, estimate.given, estimate.within, now, ended));
    }
}

/**
 * What within it has the focus, by a name that outlasts a drawing.
 * @param {Node} node
 */
function focusOf(node) {
    const { activeElement } = document;
    return node.contains(activeElement) ? /** @type {HTMLElement} */ (activeElement).dataset.focus : undefined;
}
