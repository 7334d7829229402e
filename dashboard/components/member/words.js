// What the class says to its members, in their language. The teacher types none of it: each says what was pushed.

/** @import { ClassState, Here } from "../messages.js" */

import { filled } from "../parts/filled.js";

/** @typedef {Record<string, string>} Words */

/**
 * @param {Words} words
 * @param {ClassState} state
 * @param {boolean} found whether the page has the place that is pointed at
 */
export function pushedWords(words, { pushed }, found = true) {
    if (!pushed) return "";
    if (pushed.kind !== "look") return words[`pushed_${pushed.kind}`];
    if (!pushed.at) return words.look;
    return words[`look_${pushed.at}`] + (found ? "" : ` ${words.look_nowhere}`);
}

/**
 * Whether the page shows what was pushed: a sentence about another one would not be true.
 * @param {NonNullable<ClassState["pushed"]>} pushed
 * @param {Here} here
 */
export function isHere({ kind, lesson, step }, here) {
    if (kind === "step") return here.page === "learn" && here.lesson === lesson && here.step === step;
    if (kind === "quiz") return here.page === "learn" && here.quiz;
    return kind === "look" || here.page === "explore";
}

/**
 * @param {Words} words
 * @param {ClassState} state
 * @param {boolean} there whether the picture has come
 */
export function shownWords(words, { shown }, there) {
    if (!shown) return "";
    const told = shown.name ? filled(words.shown, { name: shown.name }) : words.shown_nameless;
    return there ? told : `${told} ${words.to_come}`;
}

/**
 * @param {Words} words
 * @param {string} name
 * @param {boolean} connected
 */
export function nameWords(words, name, connected) {
    return connected ? name : filled(words.reconnecting, { name });
}
