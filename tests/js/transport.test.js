import assert from "node:assert/strict";
import { test } from "node:test";

import { continuation } from "../../dashboard/components/viewer/continuation.js";
import { Pace, paceOf } from "../../dashboard/components/viewer/pace.js";
import { iterationOf } from "../../dashboard/components/viewer/transport.js";
import { words, WORDS } from "./made.js";

test("how far a run is, or several in step are", () => {
    assert.equal(iterationOf(WORDS, { iteration: 0, iterations: 0, furthest: 0 }), "");
    assert.equal(iterationOf(WORDS, { iteration: 12, iterations: 256, furthest: 20 }), "iteration 12 of 256");
    assert.equal(iterationOf(WORDS, { iteration: 12, iterations: 256, furthest: 21 }), "iteration 12 to 21 of 256");
});

test("a run goes on to the end that the page is set to, or its own, or some iterations further", () => {
    const from = (shown, end, wanted) => continuation(WORDS, shown, end, wanted);
    assert.deepEqual(from(40, 256, 512), { until: 512, text: "Continue from here" });
    assert.deepEqual(from(40, 256, 40), { until: 256, text: "Continue from here" });
    assert.deepEqual(from(256, 256, 512), { until: 512, text: "256 more iterations" });
    assert.deepEqual(from(256, 256, 256), { until: 356, text: "100 more iterations" });
    assert.deepEqual(from(0, 0, 0), { until: 100, text: "Continue from here" });
});

test("rate and time left, in words", () => {
    const header = { iteration: 100, iterations: 256 };
    assert.deepEqual(paceOf(WORDS, { ...header, rate: 5.16 }), { rate: "5.2 it/s", left: "about 30 s left" });
    assert.deepEqual(paceOf(WORDS, { ...header, rate: 312.4 }), { rate: "312 it/s", left: "about 1 s left" });
    assert.deepEqual(paceOf(WORDS, { ...header, iterations: Infinity, rate: 2 }), { rate: "2.0 it/s", left: "" });
    assert.equal(paceOf(WORDS, { ...header, rate: 100 }).rate, "100 it/s");
    assert.deepEqual(paceOf(WORDS, { ...header, rate: 0 }), { rate: "", left: "" });
    assert.deepEqual(paceOf(words("de"), { ...header, rate: 5.16 }), { rate: "5,2 It./s", left: "noch etwa 30 s" });
    assert.deepEqual(paceOf(WORDS, null), { rate: "", left: "" });
});

test("they stand for a second, and go at once when nothing is getting on", () => {
    const pace = new Pace(WORDS),
        header = { iteration: 100, iterations: 200, rate: 10 };
    assert.equal(pace.look(header, 5000), null);
    assert.equal(pace.look(header, 5999), null);
    assert.deepEqual(pace.look(header, 6000), { rate: "10.0 it/s", left: "about 10 s left" });
    assert.equal(pace.look({ ...header, rate: 20 }, 6999), null);
    assert.deepEqual(pace.look(null, 7000), { rate: "", left: "" });
    assert.equal(pace.look(header, 7001), null);
});

/** The seconds left that are told of a run of 200 iterations, one in each round of the device, by what it last said. */
function told(rounds, pace = new Pace(WORDS), from = 0) {
    const shown = [];
    let now = from;
    rounds.forEach((ms, index) => {
        now += ms;
        // over the last second, as the server counts it, there are none or two of them
        const header = { iteration: index + 1, iterations: 200, rate: index % 2 ? 2 : 0.5 };
        for (const at of [now, now + 200]) {
            const said = pace.look(header, at)?.left;
            if (said)
                shown.push(
                    said
                        .match(/\d+/g)
                        .map(Number)
                        .reduce((sum, each) => sum * 60 + each, 0),
                );
        }
    });
    return shown;
}

test("the time left falls steadily while a run has its turn with others", () => {
    const steady = told(Array(100).fill(1200));
    assert.equal(steady.length, 99);
    steady.forEach((seconds, index) => assert.equal(seconds, Math.round((200 - index - 2) * 1.2), String(index)));

    const uneven = told(Array.from({ length: 100 }, (_, index) => [900, 1500, 1000, 1400][index % 4])).slice(20);
    uneven.forEach((seconds, index) => index && assert.ok(seconds - uneven[index - 1] <= 4, String(uneven)));
    assert.ok(Math.abs(uneven.at(-1) - 120) < 6, String(uneven));
});

test("the time left follows a pace that changes for good, and begins anew after a pause", () => {
    const pace = new Pace(WORDS),
        slower = told([...Array(50).fill(1000), ...Array(50).fill(2000)], pace);
    assert.ok(Math.abs(slower.at(-1) - 200) < 10, String(slower));
    pace.look(null, 200_000);
    assert.equal(told(Array(3).fill(1000), pace, 300_000).at(-1), 197);
});
