import assert from "node:assert/strict";
import { test } from "node:test";

import { ANSWERS, spaced, standing, tileWords, waiting } from "../../dashboard/components/classroom/words.js";
import { binned, chosen } from "../../dashboard/components/parts/answers.js";

const TILE = {
    id: "a",
    name: "Wise Fox",
    connected: true,
    place: "",
    done: 0,
    status: "",
    iteration: 0,
    score: null,
    covered: "",
    wait: null,
};
const CLASS = { members: 1, hidden: 0, runs: 1, pushed: null, waiting: [] };

test("a tile says who, where, and how the run is", () => {
    assert.deepEqual(tileWords(TILE), ["Wise Fox", "", ""]);
    const running = { ...TILE, status: "running", iteration: 7, score: 1.5 };
    assert.deepEqual(tileWords(running), ["Wise Fox", "iteration 7, score 1.5", ""]);
    const learning = { ...running, name: "", place: "Blur it", done: 2 };
    assert.deepEqual(tileWords(learning), ["–", "Blur it, 2 done", "iteration 7, score 1.5"]);
    assert.deepEqual(tileWords({ ...learning, connected: false }), ["–", "away", ""]);
    const lines = (covered) => tileWords({ ...learning, covered })[2];
    assert.deepEqual(["own", "others"].map(lines), ["has not predicted yet", "others still predict"]);
    assert.equal(tileWords({ ...running, score: -3.3 })[1], "iteration 7, score −3.3");
});

test("who waits is told with what for and how long, on the tile and in one line", () => {
    const wait = { what: "network", seconds: 12 };
    assert.deepEqual(tileWords({ ...TILE, wait }), ["Wise Fox", "waits for a network, 12 s", ""]);
    assert.deepEqual(tileWords({ ...TILE, place: "Blur it", wait }), [
        "Wise Fox",
        "Blur it",
        "waits for a network, 12 s",
    ]);
    assert.deepEqual(tileWords({ ...TILE, wait, connected: false }), ["Wise Fox", "away", ""]);
    const told = [
        { what: "device", count: 3, longest: 4 },
        { what: "file", count: 1, longest: 2 },
    ];
    assert.equal(
        waiting({ ...CLASS, waiting: told }),
        "3 wait for the device, the longest 4 s · 1 waits for a file, 2 s",
    );
    assert.equal(waiting(CLASS), "");
});

test("the class is counted in words", () => {
    assert.equal(standing(CLASS), "1 member · 1 run going on");
    const pushed = { kind: "step", followed: 3 };
    assert.equal(
        standing({ ...CLASS, members: 4, hidden: 1, runs: 2, pushed }),
        "4 members · 1 not on the wall · 2 runs going on · 3 of 4 have what you pushed",
    );
    assert.equal(spaced("ABCDEF"), "ABC DEF");
});

test("answers stand in the order of the choices on the screen, or in the lesson's own", () => {
    /** @type {{ choices: [number, number][], texts: string[] }} */
    const given = { choices: [[2, 4]], texts: ["a", "b", "c"] },
        told = { lesson: "", step: "", question: "", estimates: [], of: 5, ...given };
    assert.deepEqual(chosen(told, "", []), [
        ["a", 0],
        ["b", 0],
        ["c", 4],
    ]);
    assert.deepEqual(chosen(told, "", [2, 0, 1]), [
        ["c", 4],
        ["a", 0],
        ["b", 0],
    ]);
    assert.deepEqual(
        chosen({ ...told, texts: ["a", "b"] }, "", [2, 1]).map(([text]) => text),
        ["b", "a"],
    );
});

test("estimates fall into eight equal bins, the largest into the last", () => {
    const bins = binned([0, 0, 1, 7.9, 8], ANSWERS);
    assert.deepEqual(
        bins.map(([, count]) => count),
        [2, 1, 0, 0, 0, 0, 0, 2],
    );
    assert.equal(bins[1][0], "1.00 to 2.00");
    assert.deepEqual(binned([3, 3], ANSWERS), [["3", 2]]);
});
