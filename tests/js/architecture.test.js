import assert from "node:assert/strict";
import { test } from "node:test";

import { goal } from "../../dashboard/components/architecture/columns.js";
import { capital } from "../../dashboard/components/architecture/steps.js";
import { PATIENCE, Turns } from "../../dashboard/components/architecture/turns.js";

function turns() {
    const sent = [],
        busy = [];
    const made = new Turns(
        (event) => sent.push(event),
        (each) => busy.push(each),
    );
    return { made, sent, busy };
}

const step = (channels, layers) => ({ kind: "step", channels, layers, turn: 0 });

test("one event at a time: steps that wait are added up", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const { made, sent, busy } = turns();
    made.step("channels", 1);
    made.step("channels", 1);
    made.step("channels", 1);
    made.step("layers", -1);
    assert.deepEqual(sent, [step(1, 0)]);
    made.answered();
    assert.deepEqual(sent, [step(1, 0), step(2, -1)]);
    made.answered();
    assert.deepEqual([sent.length, busy], [2, [true, false, true, false]]);
});

test("of what waits the newest kind counts", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const { made, sent } = turns();
    made.ask({ kind: "random" });
    made.step("channels", 1);
    made.ask({ kind: "layer", index: 3 });
    made.answered();
    assert.deepEqual(sent, [
        { kind: "random", turn: 0 },
        { kind: "layer", index: 3, turn: 0 },
    ]);
});

test("what is never answered counts as answered after a while", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const { made, sent } = turns();
    made.ask({ kind: "random" });
    made.step("layers", 1);
    context.mock.timers.tick(PATIENCE - 1);
    assert.equal(sent.length, 1);
    context.mock.timers.tick(1);
    assert.deepEqual(sent[1], { ...step(0, 1), turn: PATIENCE });
    made.close();
});

test("keys among the columns stop at the ends", () => {
    const keys = ["ArrowLeft", "ArrowRight", "Home", "End", "x"];
    assert.deepEqual(
        keys.map((key) => goal(key, 0, 4)),
        [0, 1, 0, 3, null],
    );
    assert.equal(goal("ArrowRight", 3, 4), 3);
});

test("words at the beginning of a sentence", () => {
    assert.deepEqual(["channel", ""].map(capital), ["Channel", ""]);
});
