import assert from "node:assert/strict";
import { test } from "node:test";

import { Tiles } from "../../dashboard/components/gallery/tiles.js";
import { cosine, countsOf, factsOf, lackWords, spoken, tileWords } from "../../dashboard/components/gallery/words.js";
import { goal } from "../../dashboard/components/parts/goal.js";
import { words } from "./made.js";

const EN = words("en", "gallery"),
    DE = words("de", "gallery");

function tiles(...news) {
    const made = new Tiles(5, "/gallery/x");
    for (const each of news) made.put(each);
    return made;
}

const four = () =>
    tiles([0, "fine", 3, "", ""], [1, "fine", 9, "", ""], [2, "coarse", 5, "", ""], [3, "fine", 0, "silent", ""]);

test("scores with three digits that count", () => {
    const scores = [0, 0.123456, 12.3456, 99.96, 123.456, -1234.5];
    assert.deepEqual(
        scores.map((score) => spoken(EN, score)),
        ["0", "0.123", "12.3", "100", "123", "−1235"],
    );
    assert.equal(spoken(DE, -0.28), "−0,280");
    assert.equal(cosine(EN, 0.9876), "0.99");
    assert.equal(cosine(EN, -0.28), "−0.28");
    assert.equal(cosine(EN, -0.004), "0.00", "what is rounded to nothing has no sign");
});

test("where a picture lies, none where a channel is dead", () => {
    assert.equal(four().get(2).source, "/gallery/x/coarse/2.png");
    assert.equal(four().get(3).source, "");
});

test("a rank among the pictures that are as far", () => {
    assert.deepEqual(four().rank(0), { place: 2, of: 2, all: false, above: 0 });
    assert.deepEqual(four().rank(1), { place: 1, of: 2, all: false, above: 50 });
    assert.deepEqual(four().rank(2), { place: 1, of: 1, all: false, above: 0 });
    assert.equal(four().rank(3), null);
    assert.equal(four().rank(4), null);
    const all = tiles(...[7, 5, 5, 1, 2].map((score, channel) => [channel, "fine", score, "", ""]));
    assert.deepEqual(all.rank(1), { place: 2, of: 5, all: true, above: 40 });
});

test("orders: what has no value comes last, by its number", () => {
    assert.deepEqual(four().order("index", new Map()), [0, 1, 2, 3, 4]);
    assert.deepEqual(four().order("score", new Map()), [1, 2, 0, 3, 4]);
    assert.deepEqual(tiles().order("score", new Map()), [0, 1, 2, 3, 4]);
    const likeness = new Map([
        [2, 1],
        [0, -0.5],
        [1, 0.25],
    ]);
    assert.deepEqual(four().order("likeness", likeness), [2, 1, 0, 3, 4]);
});

test("what a tile says after its number", () => {
    const made = four(),
        cosines = new Map([[0, 0.456]]);
    assert.deepEqual(tileWords(EN, made.get(4), null, 4), [", not made yet", ""]);
    assert.deepEqual(tileWords(EN, made.get(0), null, 0), [", score ", "3.00"]);
    assert.deepEqual(tileWords(DE, made.get(0), null, 0), [", Wert ", "3,00"]);
    assert.deepEqual(tileWords(EN, made.get(0), cosines, 0), [", similarity ", "0.46"]);
    assert.deepEqual(tileWords(EN, made.get(1), cosines, 1), ["", ""]);
    assert.deepEqual(tileWords(EN, made.get(3), null, 3), ["", ""]);
});

test("why there is no picture", () => {
    const made = tiles([0, "fine", 0, "silent", ""], [1, "fine", 0, "failed", "Out of memory."]);
    assert.equal(lackWords(EN, made.get(0)), "Dead channel: its score stayed at 0.");
    assert.equal(lackWords(EN, made.get(1)), "This picture could not be made: Out of memory.");
    assert.equal(lackWords(EN, made.get(2)), "Not made yet.");
});

test("where keys lead, be it beyond the ends", () => {
    const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "a"];
    assert.deepEqual(
        keys.map((key) => goal(key, 6, 4, 20)),
        [5, 7, 2, 10, 0, 20, null],
    );
    assert.equal(goal("ArrowUp", 2, 4, 20), -2);
});

test("what is known of a channel", () => {
    const made = four();
    assert.deepEqual(factsOf(EN, made.get(0), made.rank(0), { to: 1, value: 0.5 }), {
        score: "3.00",
        rank: "2 of the 2 made so far",
        picture: "finished",
        "similarity to 1": "0.50",
    });
    assert.deepEqual(factsOf(EN, made.get(3), made.rank(3), null), {});
    const all = { place: 1, of: 5, all: true, above: 80 };
    assert.deepEqual(factsOf(EN, made.get(2), all, null), {
        score: "5.00",
        rank: "1 of 5",
        "higher than": "80 % of this layer",
        picture: "preview",
    });
});

test("how far the gallery is", () => {
    assert.equal(countsOf(EN, { error: "", coarse: 3, fine: 0, count: 5 }), "3 of 5 previews");
    assert.equal(countsOf(EN, { error: "", coarse: 5, fine: 2, count: 5 }), "2 of 5 finished");
    assert.equal(countsOf(EN, { error: "Out of memory.", coarse: 5, fine: 2, count: 5 }), "Out of memory.");
});
