// The newest step of a run, as rows of numbers and as its formula with these numbers in it.

/** @import { LessonNumbers, Value } from "../messages.js" */

import { short } from "../lesson/words.js";

/**
 * @param {Record<string, string>} words
 * @param {Value} value
 */
const digits = (words, value) => (value === null ? "…" : short(words, value));

/**
 * @param {LessonNumbers} run
 * @param {Record<string, string>} words
 * @returns {[name: string, value: string][]}
 */
export function rowsOf({ step, before, rise, gradient, rate, noise }, words) {
    /** @type {[name: string, value: string][]} */
    const rows = [
        [words.number_step, step === null ? "…" : String(step)],
        [words.number_before, digits(words, before)],
        [words.number_rise, digits(words, rise)],
        [words.number_gradient, digits(words, gradient)],
        [words.number_rate, digits(words, rate)],
    ];
    if (noise !== null) rows.push([words.number_noise, digits(words, noise)]);
    return rows;
}

/**
 * The formula of a step with its numbers: its own rate, and the pictures' own iterations.
 * @param {LessonNumbers} run
 * @param {string} formula
 * @param {Record<string, string>} words
 */
export function figures({ step, rate }, formula, words) {
    if (step === null) return "";
    const filled = formula.replace("rate", digits(words, rate)).replace(/\bg\b/, `g${step}`);
    return `${words.picture} ${step} = ${words.picture} ${step - 1} + ${filled}`;
}
