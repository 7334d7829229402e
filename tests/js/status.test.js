import assert from "node:assert/strict";
import { test } from "node:test";

import { standing as inWords, together } from "../../dashboard/components/viewer/status.js";
import { standing, words, WORDS } from "./made.js";

const HALTED = "Von deiner Lehrkraft angehalten";

test("a run that is out of reach may have gone on; one that has ended has ended", () => {
    assert.equal(inWords(WORDS, "running", "running", "connected"), "running");
    assert.equal(inWords(WORDS, "running", "running", "unreachable"), "reconnecting…");
    assert.equal(inWords(WORDS, "running", "running", "ended"), "interrupted");
    assert.equal(inWords(WORDS, "finished", "finished", "ended"), "finished");
});

test("who has paused everybody's runs is said of those that could go on", () => {
    assert.equal(inWords(WORDS, "paused", "paused", "connected", HALTED), HALTED);
    assert.equal(inWords(WORDS, "paused", "paused", "unreachable", HALTED), "reconnecting…");
    assert.equal(inWords(WORDS, "finished", "finished", "connected", HALTED), "finished");
    assert.equal(inWords(WORDS, "", "", "connected", HALTED), "");
});

test("several are as far as the one that has most before it, and running while one is", () => {
    const made = together(WORDS, [
        standing({ status: "finished", iteration: 100 }),
        standing({ iteration: 40, recorded: { first: 1, last: 39, spacing: 1 } }),
        standing({ iteration: 20, iterations: 50, recorded: { first: 1, last: 20, spacing: 1 } }),
    ]);
    assert.equal(made.word, "running");
    assert.deepEqual([made.iteration, made.iterations, made.furthest], [40, 100, 40]);
    assert.deepEqual(made.recorded, { first: 1, last: 39, spacing: 1 });
});

test("furthest is that of those in the same state", () => {
    const made = together(WORDS, [
        standing({ iteration: 30 }),
        standing({ iteration: 52 }),
        standing({ status: "paused", iteration: 90 }),
    ]);
    assert.deepEqual([made.iteration, made.furthest], [30, 52]);
});

test("once all have ended, each in its way, they are counted", () => {
    const ended = ["finished", "cancelled", "failed", "finished"].map((status) => standing({ status }));
    assert.equal(together(WORDS, ended).word, "2 finished, 1 failed, 1 stopped");
    assert.equal(together(words("fr"), ended).word, "terminé : 2, échec : 1, arrêté : 1");
    assert.equal(together(WORDS, ended.slice(0, 2)).word, "1 finished, 1 stopped");
    assert.equal(together(WORDS, ended.slice(0, 1)).word, "finished");
    assert.equal(together(WORDS, [...ended, standing({ status: "paused" })]).word, "paused");
});
