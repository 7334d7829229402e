import assert from "node:assert/strict";
import { test } from "node:test";

import { isHere, nameWords, pushedWords, shownWords } from "../../dashboard/components/member/words.js";

const WORDS = {
    pushed_step: "THIS STEP",
    look: "LOOK",
    look_picture: "THE PICTURE",
    look_nowhere: "NONE HERE",
    shown: "{name} IS SHOWN",
    shown_nameless: "SOMEBODY",
    to_come: "SOON",
    reconnecting: "{name} COMES BACK",
};
const NOTHING = { pushed: null, paused: false, shown: null, revealed: null };
const push = (kind, at = "") => ({ ...NOTHING, pushed: { kind, number: 1, lesson: "", step: "", at } });

test("what the teacher does is said in the member's words", () => {
    assert.equal(pushedWords(WORDS, NOTHING), "");
    assert.equal(pushedWords(WORDS, push("step")), "THIS STEP");
    assert.equal(pushedWords(WORDS, push("look")), "LOOK");
    assert.equal(pushedWords(WORDS, push("look", "picture")), "THE PICTURE");
    assert.equal(pushedWords(WORDS, push("look", "picture"), false), "THE PICTURE NONE HERE");
    assert.equal(shownWords(WORDS, NOTHING, true), "");
    assert.equal(shownWords(WORDS, { ...NOTHING, shown: { name: "Otter" } }, true), "Otter IS SHOWN");
    assert.equal(shownWords(WORDS, { ...NOTHING, shown: { name: "" } }, false), "SOMEBODY SOON");
    assert.deepEqual(
        [true, false].map((connected) => nameWords(WORDS, "Otter", connected)),
        ["Otter", "Otter COMES BACK"],
    );
});

test("a sentence about what was pushed is true of one page only", () => {
    const step = { kind: "step", lesson: "noise", step: "blur" },
        here = { page: "learn", lesson: "noise", step: "blur", quiz: false },
        pages = [here, { ...here, step: "start" }, { ...here, lesson: "", step: "", quiz: true }, { page: "explore" }],
        told = (pushed) => pages.map((page) => Boolean(isHere(pushed, page)));
    assert.deepEqual(told(step), [true, false, false, false]);
    assert.deepEqual(told({ kind: "quiz" }), [false, false, true, false]);
    assert.deepEqual(told({ kind: "recipe" }), [false, false, false, true]);
    assert.deepEqual(told({ kind: "look" }), [true, true, true, true]);
});
