// How far the class is in the quiz, and what came of it: averages with their intervals, once enough have finished and
// the teacher reveals them, and nobody's own.

/** @import { QuizClass } from "../messages.js" */

import { element } from "../parts/element.js";
import { percent, shares } from "../parts/shares.js";
import { uncounted } from "./words.js";

const NAMES = Object.entries({
    none: "without pictures",
    synthetic: "synthetic pictures",
    natural: "natural pictures",
    both: "both",
});

/** @param {QuizClass[]} classes */
export const quizzes = (classes) => classes.map(quiz);

/** @param {QuizClass} told */
function quiz({ network, begun, halfway, finished, persons, needed, revealed, conditions, published }) {
    const known = Object.keys(conditions).length > 0,
        until = revealed ? "" : ", and when you show the class's result",
        few = `The average is shown from ${needed} persons on${until}.`,
        why = uncounted(finished - persons),
        parts = [`${begun - halfway} in the first half`, `${halfway - finished} in the second half`],
        missed = finished - persons ? `, ${persons} of them count` : "",
        title = `Quiz about ${network}: ${parts.join(", ")}, ${finished} finished${missed}`;
    const rows = NAMES.flatMap(([condition, name]) => {
        const [share, low, high] = conditions[condition] ?? [],
            theirs = published[condition];
        const text = `${percent(share)} % (${percent(low)}–${percent(high)} %)`,
            /** @type {import("../parts/shares.js").ShareRow} */
            own = { kind: "class", name, share, interval: [low, high], text };
        if (theirs === null) return [own];
        const found = `${percent(theirs)} %`;
        return [own, { kind: "published", name: "Borowski et al. 2021", share: theirs, interval: null, text: found }];
    });
    const notes = "Right answers; 95 % intervals over persons. The published network and images are others.";
    return element(
        "div",
        { "data-testid": "class-quiz" },
        shares(title, known ? rows : []),
        element("p", { className: "ac-note" }, [known ? notes : few, why].filter(Boolean).join(" ")),
    );
}
