// The end of the quiz: one's own answers by condition and by confidence, the class's, and the published ones.

/** @import { QuizEnd } from "../messages.js" */

import { element } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { percent, shares } from "../parts/shares.js";
import { notes, rows } from "./words.js";

const CONDITIONS = ["none", "synthetic", "natural", "both"];

/**
 * @param {QuizEnd} news
 * @param {Record<string, string>} words
 * @param {() => void} anew begins it again, which one that does not count offers
 */
export function results(news, words, anew) {
    const { own, class: group, published, network } = news,
        again = element(
            "button",
            { type: "button", className: "aq-button aq-primary", "data-testid": "quiz-anew" },
            words.anew,
        );
    again.addEventListener("click", anew);
    const source = element("a", { href: published.source, target: "_blank", rel: "noreferrer" }, words.source);
    return [
        element("h3", { className: "aq-title", tabIndex: -1 }, words.end),
        ...notes(news, words).map((note) => element("p", { className: "aq-note" }, note)),
        ...(own.counted ? [] : [element("div", { className: "aq-buttons" }, again)]),
        element("p", { className: "aq-note", "data-testid": "reading" }, words.reading),
        ...CONDITIONS.map((condition) =>
            shares(
                words[`with_${condition}`],
                rows(condition, words, own.conditions[condition], group, published.conditions),
            ),
        ),
        shares(words.confidence, confidences(own, published, words)),
        element("p", { className: "aq-note" }, filled(words.compare, { network }), " ", source, "."),
    ];
}

/**
 * @param {QuizEnd["own"]} own
 * @param {QuizEnd["published"]} published
 * @param {Record<string, string>} words
 * @returns {import("../parts/shares.js").ShareRow[]}
 */
function confidences(own, published, words) {
    return ["1", "2", "3"].map((level) => {
        const [right, of] = own.confidences[level],
            mine = of ? filled(words.of, { right, of }) : words.no_answers,
            theirs = filled(words.published_share, { percent: percent(published.confidences[level]) });
        return {
            kind: "own",
            name: words[`sure_${level}`],
            share: of ? right / of : null,
            interval: null,
            text: `${mine} (${theirs})`,
        };
    });
}
