import assert from "node:assert/strict";
import { test } from "node:test";

import { EVERY, REST, Speaker } from "../../dashboard/components/parts/speaker.js";

/** @param {import("node:test").TestContext} context */
function speaking(context) {
    context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const heard = [],
        speaker = new Speaker(
            (words) => heard.push(words),
            () => Date.now(),
        );
    return { heard, speaker, pass: (ms) => context.mock.timers.tick(ms) };
}

test("how things stand is said every five seconds, and the newest sentence counts", (context) => {
    const { heard, speaker, pass } = speaking(context);
    for (let second = 0; second < 12; second++) {
        speaker.state(`iteration ${second}`);
        pass(1000);
    }
    assert.deepEqual(heard, ["iteration 0", "iteration 4", "iteration 9"]);
    pass(10 * EVERY);
    assert.equal(heard.at(-1), "iteration 11");
    speaker.state("iteration 11");
    pass(2 * EVERY);
    assert.equal(heard.length, 4); // nothing is said twice
});

test("what happens is said at once, and what was waiting to be said is old then", (context) => {
    const { heard, speaker, pass } = speaking(context);
    speaker.event("running");
    speaker.state("iteration 3");
    pass(1000);
    speaker.event("paused");
    assert.deepEqual(heard, ["running", "paused"]);
    pass(2 * EVERY);
    assert.deepEqual(heard, ["running", "paused"]);
});

test("nothing is said while a slider moves, and all that has happened once it rests", (context) => {
    const { heard, speaker, pass } = speaking(context);
    for (let step = 0; step < 20; step++) {
        speaker.move();
        if (step === 5) speaker.event("paused");
        if (step === 9) speaker.event("finished");
        speaker.state(`shows ${step}`);
        pass(REST / 2);
    }
    assert.deepEqual(heard, []);
    pass(REST / 2);
    assert.deepEqual(heard, ["paused finished shows 19"]);
});

test("what somebody has said and was about to say goes with him, and nothing of others", (context) => {
    const { heard, speaker, pass } = speaking(context),
        [explore, compare] = [{}, {}];
    speaker.event("running, iteration 25", explore);
    speaker.state("iteration 26", explore);
    speaker.leave(explore);
    pass(2 * EVERY);
    assert.deepEqual(heard, ["running, iteration 25", ""]);
    speaker.state("8 runs", compare); // the first sentence of a page waits for none of another one
    speaker.leave(explore);
    assert.deepEqual(heard.slice(2), ["8 runs"]);

    speaker.move();
    speaker.event("stopped", explore);
    speaker.event("started", compare);
    speaker.leave(explore);
    pass(REST);
    assert.equal(heard.at(-1), "started");
    speaker.state("iteration 3", compare);
    speaker.leave(compare);
    speaker.leave(compare);
    pass(2 * EVERY);
    assert.deepEqual(heard.slice(3), ["started", ""]);
});

test("nothing is said of what is gone", (context) => {
    const { heard, speaker, pass } = speaking(context);
    speaker.state("one");
    speaker.state("two");
    speaker.state("");
    pass(2 * EVERY);
    assert.deepEqual(heard, ["one"]);
});
