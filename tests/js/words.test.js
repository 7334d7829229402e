import assert from "node:assert/strict";
import { test } from "node:test";

import { description, Descriptions } from "../../dashboard/components/viewer/description.js";
import { heldOutOf, numbersOf } from "../../dashboard/components/viewer/table.js";
import { wantedOf } from "../../dashboard/components/viewer/wanted.js";
import { point, record, words, WORDS } from "./made.js";

test("numbers of a row", () => {
    const made = record([point(1, 0.123456), point(2, 12.3456)], {}, { iteration: 2 });
    assert.deepEqual(numbersOf(WORDS, made, null, "connected"), {
        score: "12.35",
        iteration: "2 of 100",
        status: "running",
    });
    assert.deepEqual(numbersOf(WORDS, made, 1, "connected"), {
        score: "0.1235",
        iteration: "1 of 100",
        status: "running",
    });
    assert.equal(numbersOf(WORDS, made, 50, "connected").iteration, "2 of 100");
    const failed = record([], {}, { status: "failed", error: "Out of memory.", iterations: 0 });
    assert.deepEqual(numbersOf(WORDS, failed, null, "ended"), {
        score: "",
        iteration: "",
        status: "failed: Out of memory.",
    });
});

test("a held-out score is computed, then known, with a rank where there is one", () => {
    assert.deepEqual(heldOutOf(WORDS, { heldOut: null, last: 0 }), { score: "", rank: "" });
    assert.deepEqual(heldOutOf(WORDS, { heldOut: null, last: 9 }), { score: "computing…", rank: "" });
    assert.deepEqual(heldOutOf(WORDS, { heldOut: { score: 3.14159, rank: 2, of: 512 }, last: 9 }), {
        score: "3.142",
        rank: "2 of 512",
    });
    assert.equal(heldOutOf(WORDS, { heldOut: { score: 3, rank: null, of: null }, last: 9 }).rank, "");
});

test("what is said of a picture", () => {
    const made = record([point(1, 2), point(2, 3)]);
    assert.equal(
        description(WORDS, made, 0, "", null, "connected"),
        "channel 7. Iteration 2 of 100, running, score 3.000.",
    );
    assert.equal(
        description(WORDS, made, 0, "", 1, "unreachable"),
        "channel 7. Looking back at iteration 1 of 100, reconnecting…, score 2.000.",
    );
    assert.equal(
        description(words("de"), made, 0, "", null, "connected"),
        "channel 7. Iteration 2 von 100, läuft, Wert 3,000.",
    );
    assert.equal(
        description(WORDS, record([], {}, { status: "waiting" }), 0, "", null, "connected"),
        "channel 7. No picture yet: waiting for its turn.",
    );
    const named = record([[1, [1, 2], {}, [1, 1]]], { captions: ["eyes", "fur"] });
    assert.match(description(WORDS, named, 1, "fur", null, "connected"), /^channel 7: fur\. /);
    const counted = record([[1, [1, 2], {}, [1, 1]]]);
    assert.match(description(WORDS, counted, 1, "", null, "connected"), /^channel 7, picture 2\. /);
});

test("descriptions change at once with a word, else seldom", () => {
    const made = new Descriptions();
    assert.deepEqual(
        [made.due("a", 0), made.due("a", 2999), made.due("b", 2999), made.due("b", 5998), made.due("b", 5999)],
        [true, false, true, false, true],
    );
});

test("pictures that are wanted: those of the runs, and the difference of two", () => {
    const one = record([[1, [1, 2], {}, [1, 1]]], { key: "a", title: "1. size 64", captions: ["", ""] }),
        other = record([], { key: "b", title: "2. size 96", captions: ["2. size 96"] });
    const wanted = wantedOf(WORDS, [one, other], (each, image) => `${each.key}${image}`, ["a", "b"]);
    assert.deepEqual(
        wanted.map(({ id, colour }) => [id, colour]),
        [
            ["a 0", "a0"],
            ["a 1", "a1"],
            ["b 0", "b0"],
            ["difference", ""],
        ],
    );
    assert.equal(wanted[3].words, "1 \u2212 2, doubled");
    assert.equal(wanted[3].caption, "difference, doubled, of 1. size 64 and 2. size 96");
    assert.equal(wantedOf(WORDS, [one], () => "", ["a", "b"]).length, 2);
    const without = (captions) => wantedOf(WORDS, [record([], { captions })], () => "", []).length;
    assert.deepEqual([without([]), without(["one", "two"])], [1, 2]); // before the first point
});
