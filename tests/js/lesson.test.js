import assert from "node:assert/strict";
import { test } from "node:test";

import { pieces } from "../../dashboard/components/lesson/inline.js";
import { compared, judged, reached, short } from "../../dashboard/components/lesson/words.js";
import { figures, rowsOf } from "../../dashboard/components/lesson_panels/numbers.js";
import { filled } from "../../dashboard/components/parts/filled.js";

const WORDS = {
    waiting: "{expected} expected; not begun.",
    expected: "{expected} expected; now {now}.",
    expected_end: "{expected} expected; became {now}.",
    within: "Close.",
    apart: "Off by more than {within}.",
};

test("marks within a line, links to the glossary, and other links' words", () => {
    assert.deepEqual(pieces("one **channel** of `blocks.4.0`, *see* [what](glossary:what)."), [
        ["", "one "],
        ["strong", "channel"],
        ["", " of "],
        ["code", "blocks.4.0"],
        ["", ", "],
        ["em", "see"],
        ["", " "],
        ["", "what"],
        ["", "."],
    ]);
    assert.deepEqual(pieces('a [Kanal](glossary?word=channel&lang=de "Neuronen (viele)") und [mehr](https://x.y)'), [
        ["", "a "],
        ["a", "Kanal", "glossary?word=channel&lang=de", "Neuronen (viele)"],
        ["", " und "],
        ["", "mehr"],
    ]);
    assert.deepEqual(pieces("[x](javascript:alert)"), [["", "x"]]);
    assert.deepEqual(pieces("2 * 3 < 7"), [["", "2 * 3 < 7"]]);
    assert.deepEqual(pieces(""), []);
});

test("sentences are filled in, and what nobody gives stays", () => {
    assert.equal(filled("Step {n} of {of}", { n: 2, of: 7 }), "Step 2 of 7");
    assert.equal(filled("{what}", {}), "{what}");
    assert.equal(short({}, 6.12345), "6.12");
    assert.equal(short({ decimal: "," }, 6.12345), "6,12");
    assert.equal(short({}, 12345), "12300");
    assert.equal(short({ decimal: "," }, -0.284), "−0,284");
});

test("an answer is judged once: by its own word where it begins with one", () => {
    const words = { right: "Right.", wrong: "Not quite." };
    assert.deepEqual(judged(words, true, "Rings bend."), ["Right.", " Rings bend."]);
    assert.deepEqual(judged(words, true, "Yes. Rings bend."), ["Yes", ". Rings bend."]);
    assert.deepEqual(judged(words, true, "Oui : des bords ronds"), ["Oui", " : des bords ronds"]);
    assert.deepEqual(judged(words, true, "Yesterday it was"), ["Right.", " Yesterday it was"]);
    assert.deepEqual(judged(words, false, "No: its score is real."), ["No", ": its score is real."]);
    assert.deepEqual(judged(words, false, "Yes, but"), ["Not quite.", " Yes, but"]);
});

test("what was reached by another run is said to have been before", () => {
    const words = { all_met: "Reached.", met_before: "Before." };
    assert.equal(reached(words, false, false), "");
    assert.equal(reached(words, true, true), "Reached.");
    assert.equal(reached(words, true, false), "Before.");
});

test("the numbers beside a picture are of the step that is shown", () => {
    const words = { picture: "picture", number_step: "Step", number_before: "Score", number_rise: "Rise" },
        run = { ...{ run: "a", title: "", iteration: 40, step: 40, pictured: false }, before: 58.04, rise: -0.2 },
        told = { ...run, gradient: 0.5, rate: 7, noise: null };
    assert.equal(figures(told, "rate · g", words), "picture 40 = picture 39 + 7 · g40");
    assert.deepEqual(rowsOf(told, words).slice(0, 3), [
        ["Step", "40"],
        ["Score", "58"],
        ["Rise", "−0.2"],
    ]);
    assert.equal(rowsOf({ ...told, rise: null }, words)[2][1], "…", "nothing comes before the first");
});

test("an estimate is judged at the end only", () => {
    assert.equal(compared(WORDS, 5, 1, null, false), "5 expected; not begun.");
    assert.equal(compared(WORDS, 5, 1, 7.234, false), "5 expected; now 7.23.");
    assert.equal(compared({ ...WORDS, decimal: "," }, 5.5, 1, 7.234, false), "5,5 expected; now 7,23.");
    assert.equal(compared(WORDS, 5, 1, 6, true), "5 expected; became 6. Close.");
    assert.equal(compared(WORDS, 5, 1, 6.01, true), "5 expected; became 6.01. Off by more than 1.");
});
