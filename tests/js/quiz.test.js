// What the quiz says of numbers and of the class.

import assert from "node:assert/strict";
import { test } from "node:test";
import { quizButton, uncounted } from "../../dashboard/components/classroom/words.js";
import { notes, spelled } from "../../dashboard/components/quiz/words.js";

const told = {
    ...{ network: "small", begun: 5, halfway: 5, finished: 5, persons: 4, needed: 5, revealed: true },
    ...{ conditions: {}, published: {} },
};

test("numbers are written as the language of the words writes them", () => {
    assert.equal(spelled(16.53, { decimal: "," }), "16,5");
    assert.equal(spelled(-0.25, { decimal: "." }), "−0.250");
    assert.equal(spelled(0, { decimal: "," }), "0");
});

test("everybody is told what the numbers leave out, and who is not counted also why", () => {
    const words = {
            checks: "left out",
            not_counted: "missed",
            class_waits: "{n}, {counted}, {needed}",
            class_hidden: "",
        },
        own = { counted: true, conditions: {}, confidences: {} };
    assert.deepEqual(notes({ own, class: null }, words), ["left out"]);
    const group = { ...told, finished: 5, persons: 4, revealed: true };
    assert.deepEqual(notes({ own: { ...own, counted: false }, class: group }, words), [
        "left out",
        "missed",
        "5, 4, 5",
    ]);
});

test("the teacher's button says what a click does, and why somebody does not count", () => {
    const average = { ...told, conditions: { none: /** @type {[number, number, number]} */ ([0.5, 0.4, 0.6]) } };
    assert.equal(quizButton({ quiz_revealed: false, quiz: [told] }), "Show the class's result");
    assert.equal(quizButton({ quiz_revealed: true, quiz: [told] }), "Do not show the class's result");
    assert.equal(quizButton({ quiz_revealed: true, quiz: [told, average] }), "Hide the class's result");
    assert.equal(uncounted(0), "");
    assert.match(uncounted(1), /^One person missed both .* That person's page offers the quiz again\.$/);
    assert.match(uncounted(2), /^2 persons missed both .* Their pages offer the quiz again\.$/);
});
