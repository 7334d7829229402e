// What the class has answered, as bars with their words and counts.

/** @import { ClassAnswers } from "../messages.js" */

import { element } from "./element.js";
import { filled } from "./filled.js";
import { written } from "./numbers.js";

const BINS = 8;

/**
 * @param {ClassAnswers} answers
 * @param {Record<string, string>} words what is said of them: answered, answer, range, and the decimal sign
 * @param {{ question?: string, order?: number[] }} [shown] the question where it does not stand above, and where it
 *     does the order of its choices
 */
export function bars(answers, words, { question = "", order = [] } = {}) {
    const counted = answers.estimates.length ? binned(answers.estimates, words) : chosen(answers, words.answer, order),
        most = Math.max(1, ...counted.map(([, count]) => count)),
        given = counted.reduce((sum, [, count]) => sum + count, 0);
    return element(
        "figure",
        { className: "aa-answers", "data-testid": "class-answers" },
        element(
            "figcaption",
            {},
            ...(question ? [element("div", {}, question)] : []),
            element("div", {}, filled(words.answered, { n: given, of: answers.of })),
        ),
        ...counted.map(([text, count]) => {
            const bar = element("span", { className: "aa-bar" });
            bar.style.width = `${(100 * count) / most}%`;
            return element("div", { className: "aa-row" }, element("span", {}, text), bar, String(count));
        }),
    );
}

/**
 * @param {ClassAnswers} answers
 * @param {string} nameless of an answer whose words are not known
 * @param {number[]} order of the choices, where it is not the lesson's own
 * @returns {[string, number][]}
 */
export function chosen({ choices, texts }, nameless, order) {
    const counts = new Map(choices),
        known = Math.max(texts.length, ...counts.keys(), -1),
        all = Array.from({ length: texts.length || known + 1 }, (_, index) => index),
        rows = new Set([...order.filter((index) => index < all.length), ...all]);
    return [...rows].map((index) => [texts[index] ?? filled(nameless, { n: index + 1 }), counts.get(index) ?? 0]);
}

/**
 * @param {number[]} estimates
 * @param {Record<string, string>} words range, of a bin, and decimal
 * @returns {[string, number][]}
 */
export function binned(estimates, { range, decimal }) {
    const low = Math.min(...estimates),
        width = (Math.max(...estimates) - low) / BINS;
    if (!width) return [[written(String(low), decimal), estimates.length]];
    const counts = new Array(BINS).fill(0);
    for (const estimate of estimates) counts[Math.min(BINS - 1, Math.floor((estimate - low) / width))] += 1;
    const name = (/** @type {number} */ index) => written((low + index * width).toPrecision(3), decimal);
    return counts.map((count, index) => [filled(range, { low: name(index), high: name(index + 1) }), count]);
}
