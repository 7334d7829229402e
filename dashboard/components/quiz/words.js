// What the quiz says of where one is, and of what came of it.

/** @import { QuizClass, QuizConditions, QuizEnd, QuizNews, QuizOwn, QuizTrial } from "../messages.js" */
/** @import { ShareRow } from "../parts/shares.js" */

import { filled } from "../parts/filled.js";
import { number } from "../parts/numbers.js";
import { percent } from "../parts/shares.js";

/** @typedef {Record<string, string>} Words */

/**
 * A number as the language of these words writes it.
 * @param {number} value
 * @param {Words} words
 */
export function spelled(value, { decimal }) {
    return number(value, decimal);
}

/**
 * Why there is nothing to answer yet, or any more.
 * @param {QuizNews} news
 * @param {Words} words
 */
export function standing(news, words) {
    switch (news.status) {
        case "making":
            return news.counted ? filled(words.making, { n: news.counted[0], of: news.counted[1] }) : words.starting;
        case "failed":
            return filled(words.failed, { words: news.words });
        case "too_few": {
            const { about, found, needed } = news;
            return filled(words[`too_few_${news.what}`], { about, found, needed });
        }
        case "changed":
            return filled(words.changed, { images: news.images });
        case "gone":
            return words.gone;
        default:
            return "";
    }
}

/**
 * What is being made, while the trial can be answered or not.
 * @param {QuizTrial} news
 * @param {Words} words
 */
export function progress(news, words) {
    if (!news.missing) return "";
    if (news.halted) return words.halted;
    if (news.failed) return words.unmade;
    return filled(words.waits, { missing: news.missing, percent: percent(news.fraction) });
}

/**
 * @param {QuizTrial} news
 * @param {Words} words
 */
export function counted({ number, of, practice, practices }, words) {
    const one = practice
        ? [words.practice, number + 1, practices]
        : [words.count, number + 1 - practices, of - practices];
    return filled(String(one[0]), { n: one[1], of: one[2] });
}

/**
 * What is said before the numbers: what they leave out, and what the class's wait for.
 * @param {Pick<QuizEnd, "own" | "class">} news
 * @param {Words} words
 */
export function notes({ own, class: group }, words) {
    const found = [words.checks];
    if (!own.counted) found.push(words.not_counted);
    if (group && !Object.keys(group.conditions).length) {
        const { revealed, finished, persons, needed } = group;
        found.push(
            revealed
                ? filled(words.class_waits, { n: finished, counted: persons, needed })
                : filled(words.class_hidden, { n: finished }),
        );
    }
    return found;
}

/**
 * @param {string} condition
 * @param {Words} words
 * @param {QuizOwn["conditions"][string] | null} mine
 * @param {QuizClass | null} group
 * @param {QuizConditions} published
 * @returns {ShareRow[]}
 */
export function rows(condition, words, mine, group, published) {
    /** @type {ShareRow[]} */
    const found = [];
    if (mine) {
        const { right, of, interval } = mine,
            text = of ? `${filled(words.of, { right, of })} (${between(interval, words)})` : words.no_answers;
        found.push({
            kind: "own",
            name: words.end_own,
            share: of ? right / of : null,
            interval: of ? interval : null,
            text,
        });
    }
    const shared = group?.conditions[condition];
    if (shared) {
        const [share, low, high] = shared,
            text = `${percent(share)} % (${between([low, high], words)})`;
        found.push({ kind: "class", name: words.end_class, share, interval: [low, high], text });
    }
    const theirs = published[condition],
        text = theirs === null ? words.not_published : `${percent(theirs)} %`;
    found.push({ kind: "published", name: words.end_published, share: theirs, interval: null, text });
    return found;
}

/**
 * @param {[number, number]} interval
 * @param {Words} words
 */
function between([low, high], words) {
    return filled(words.interval, { low: percent(low), high: percent(high) });
}
