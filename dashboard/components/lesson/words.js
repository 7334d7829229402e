// The page's own words about answers and estimates.

import { filled } from "../parts/filled.js";
import { written } from "../parts/numbers.js";

/**
 * A number as people read it in the language of these words: three digits.
 * @param {Record<string, string>} words
 * @param {number} value
 */
export function short({ decimal = "." }, value) {
    return written(String(Number(value.toPrecision(3))), decimal);
}

/**
 * What is said once all checks of a step have been met.
 * @param {Record<string, string>} words
 * @param {boolean} met whether they are or were
 * @param {boolean} now whether they are
 */
export function reached(words, met, now) {
    if (!met) return "";
    return now ? words.all_met : words.met_before;
}

const YES = /^(?:Yes|Right|Ja|Richtig|Oui|Exact)(?=\s?[.,:!])/,
    NO = /^(?:No|Nein|Non)(?=\s?[.,:!])/;

/**
 * What is said to an answer: the verdict, which is the answer's own word where it begins with one, and the rest.
 * @param {Record<string, string>} words
 * @param {boolean | null} right
 * @param {string} feedback
 * @returns {[verdict: string, rest: string]}
 */
export function judged(words, right, feedback) {
    const own = (right ? YES : NO).exec(feedback)?.[0];
    return own ? [own, feedback.slice(own.length)] : [right ? words.right : words.wrong, ` ${feedback}`];
}

/**
 * What an estimate is compared with, in a sentence or two.
 * @param {Record<string, string>} words
 * @param {number} expected
 * @param {number} within
 * @param {number | null} now
 * @param {boolean} ended
 */
export function compared(words, expected, within, now, ended) {
    if (now === null) return filled(words.waiting, { expected: short(words, expected) });
    const said = filled(ended ? words.expected_end : words.expected, {
        expected: short(words, expected),
        now: short(words, now),
    });
    if (!ended) return said;
    const close = Math.abs(now - expected) <= within;
    return `${said} ${close ? words.within : filled(words.apart, { within: short(words, within) })}`;
}
