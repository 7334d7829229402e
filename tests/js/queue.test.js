import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { kindOf, ofMap } from "../../dashboard/components/explain/events.js";
import { Queue } from "../../dashboard/components/parts/queue.js";

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"] }));
afterEach(() => mock.timers.reset());

function queue() {
    const sent = [],
        made = new Queue(kindOf);
    made.send = (event) => sent.push(event);
    return { made, sent, kinds: () => sent.map(({ kind }) => kind) };
}

test("no second event is sent before the first is answered", () => {
    const { made, sent, kinds } = queue();
    made.put({ kind: "remove", key: "a" });
    made.put({ kind: "remove", key: "b" });
    made.answer(0);
    assert.deepEqual(kinds(), ["remove"]);
    made.answer(sent[0].turn);
    assert.deepEqual(
        sent.map(({ key }) => key),
        ["a", "b"],
    );
    assert.ok(sent[1].turn > sent[0].turn);
});

test("what waits is replaced by the newest of its kind", () => {
    const { made, sent } = queue();
    made.put({ kind: "open" });
    made.put({ kind: "frame", frame: [0, 0, 1, 1] });
    made.put({ kind: "layer", key: "a", layer: "x" });
    made.put({ kind: "explain_class", index: 1 });
    made.put({ kind: "layer", key: "b", layer: "x" });
    made.put({ kind: "layer", key: "a", layer: "y" });
    made.put({ kind: "frame", frame: [0, 0, 2, 2] });
    made.put({ kind: "against", index: 2 });
    for (let i = 0; i < 5; i++) made.answer(made.turn);
    assert.deepEqual(
        sent.slice(1).map(({ kind, frame, key, layer, index }) => [kind, frame?.[2] ?? index ?? key, layer]),
        [
            ["layer", "b", "x"],
            ["layer", "a", "y"],
            ["frame", 2, undefined],
            ["against", 2, undefined],
        ],
    );
});

test("what the page has not heard of yet is known", () => {
    const { made } = queue();
    made.put({ kind: "frame", frame: [0, 0, 1, 1] });
    made.put({ kind: "layer", key: "a", layer: "x" });
    assert.deepEqual(
        [made.holds("frame"), made.holds(ofMap("layer", "a")), made.holds(ofMap("layer", "b"))],
        [true, true, false],
    );
    made.answer(made.turn);
    made.answer(made.turn);
    assert.deepEqual([made.holds("frame"), made.holds(ofMap("layer", "a"))], [false, false]);
});

test("an answer that never comes holds nothing up for ever", () => {
    const { made, kinds } = queue();
    made.put({ kind: "open" });
    made.put({ kind: "reopen" });
    for (let i = 0; i < 3; i++) mock.timers.tick(5000);
    assert.deepEqual(kinds(), ["open", "open", "open", "reopen"]);
});

test("what is not answered is sent again as the same, until it is", () => {
    const { made, sent } = queue();
    made.put({ kind: "open" });
    mock.timers.tick(5000);
    assert.deepEqual(sent[1], sent[0]);
    made.answer(sent[0].turn);
    mock.timers.tick(60_000);
    assert.equal(sent.length, 2);
});
