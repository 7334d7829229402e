import assert from "node:assert/strict";
import { test } from "node:test";

import { nameWords, pushedWords, shownWords } from "../../dashboard/components/member/words.js";

const WORDS = {
    pushed_step: "Dieser Schritt ist offen.",
    look: "Schau her.",
    look_picture: "Schau auf das Bild.",
    look_nowhere: "Hier gibt es keins.",
    shown: "Zu sehen ist {name}.",
    shown_nameless: "Zu sehen ist jemand.",
    to_come: "Es kommt noch.",
    reconnecting: "{name}, gleich wieder da",
};
const NOTHING = { pushed: null, paused: false, shown: null, revealed: null };
const push = (kind, at = "") => ({ ...NOTHING, pushed: { kind, number: 1, lesson: "", step: "", at } });

test("what the teacher does is said in the member's words", () => {
    assert.equal(pushedWords(WORDS, NOTHING), "");
    assert.equal(pushedWords(WORDS, push("step")), "Dieser Schritt ist offen.");
    assert.equal(pushedWords(WORDS, push("look")), "Schau her.");
    assert.equal(pushedWords(WORDS, push("look", "picture")), "Schau auf das Bild.");
    assert.equal(pushedWords(WORDS, push("look", "picture"), false), "Schau auf das Bild. Hier gibt es keins.");
    assert.equal(shownWords(WORDS, NOTHING, true), "");
    assert.equal(shownWords(WORDS, { ...NOTHING, shown: { name: "Fuchs" } }, true), "Zu sehen ist Fuchs.");
    assert.equal(shownWords(WORDS, { ...NOTHING, shown: { name: "" } }, false), "Zu sehen ist jemand. Es kommt noch.");
    assert.deepEqual(
        [true, false].map((connected) => nameWords(WORDS, "Fuchs", connected)),
        ["Fuchs", "Fuchs, gleich wieder da"],
    );
});
