import assert from "node:assert/strict";
import { test } from "node:test";

import { Playback } from "../../dashboard/components/viewer/playback.js";

// A screen whose decoding ends when the test says so.
function screen() {
    const drawn = [],
        waiting = new Map();
    return {
        drawn,
        decode: (pictures) => new Promise((resolve) => waiting.set(pictures.join(), () => resolve(pictures))),
        draw: (run, bitmaps, fresh) => drawn.push([run, bitmaps.join(), fresh]),
        recorded: async (run, iteration) => [`${run}@${iteration}`],
        async decoded(...pictures) {
            while (!waiting.has(pictures.join())) await new Promise(setImmediate);
            waiting.get(pictures.join())();
            waiting.delete(pictures.join());
        },
    };
}

function playback(runs = ["a"]) {
    const shown = screen(),
        made = new Playback(shown);
    made.keep(runs);
    return [made, shown];
}

test("pictures are drawn when they are decoded", async () => {
    const [made, shown] = playback();
    const done = made.receive("a", 1, ["one"]);
    assert.deepEqual(shown.drawn, []);
    await shown.decoded("one");
    await done;
    assert.deepEqual(shown.drawn, [["a", "one", true]]);
});

test("what is decoded after something newer is not drawn", async () => {
    const [made, shown] = playback();
    const first = made.receive("a", 1, ["one"]),
        second = made.receive("a", 2, ["two"]);
    await shown.decoded("two");
    await shown.decoded("one");
    await Promise.all([first, second]);
    assert.deepEqual(shown.drawn, [["a", "two", true]]);
});

test("a message that comes late is none", async () => {
    const [made, shown] = playback();
    const done = made.receive("a", 2, ["two"]);
    await made.receive("a", 1, ["one"]);
    await shown.decoded("two");
    await done;
    assert.deepEqual(made.newest.get("a").pictures, ["two"]);
});

test("looking back shows what is recorded, and afterwards the newest", async () => {
    const [made, shown] = playback(["a", "b"]);
    const back = made.scrub(40);
    await shown.decoded("a@40");
    await shown.decoded("b@40");
    await back;
    await made.receive("a", 5, ["new"]);
    assert.deepEqual(shown.drawn, [
        ["a", "a@40", false],
        ["b", "b@40", false],
    ]);
    const on = made.scrub(null);
    await shown.decoded("new");
    await shown.decoded();
    await on;
    assert.deepEqual(shown.drawn.slice(2).sort(), [
        ["a", "new", false],
        ["b", "", false],
    ]);
});

test("of many iterations in a row the last one is fetched", async () => {
    const [made, shown] = playback();
    const looked = made.scrub(10);
    made.scrub(20);
    made.scrub(30);
    await shown.decoded("a@10");
    await shown.decoded("a@30");
    await looked;
    assert.deepEqual(
        shown.drawn.map(([, bitmaps]) => bitmaps),
        ["a@10", "a@30"],
    );
});

test("a run that is gone is not drawn, and its pictures are forgotten", async () => {
    const [made, shown] = playback(["a", "b"]);
    const done = made.receive("a", 1, ["one"]);
    made.keep(["b"]);
    await shown.decoded("one");
    await done;
    assert.deepEqual([shown.drawn, made.newest.size], [[], 0]);
});

test("what is decoded first is drawn, though something newer is on its way", async () => {
    const [made, shown] = playback();
    const first = made.receive("a", 1, ["one"]),
        second = made.receive("a", 2, ["two"]);
    await shown.decoded("one");
    await shown.decoded("two");
    await Promise.all([first, second]);
    assert.deepEqual(
        shown.drawn.map(([, bitmaps]) => bitmaps),
        ["one", "two"],
    );
});

test("what comes while somebody looks back is not drawn", async () => {
    const [made, shown] = playback();
    const done = made.receive("a", 1, ["one"]),
        back = made.scrub(9);
    await shown.decoded("one");
    await shown.decoded("a@9");
    await Promise.all([done, back]);
    assert.deepEqual(shown.drawn, [["a", "a@9", false]]);
});
