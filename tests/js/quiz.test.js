// What the quiz says of numbers and of the class.

import assert from "node:assert/strict";
import { test } from "node:test";
import { spelled } from "../../dashboard/components/quiz/words.js";

test("numbers are written as the language of the words writes them", () => {
    assert.equal(spelled(16.53, { decimal: "," }), "16,5");
    assert.equal(spelled(-0.25, { decimal: "." }), "−0.250");
    assert.equal(spelled(0, { decimal: "," }), "0");
});
