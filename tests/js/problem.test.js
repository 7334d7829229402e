import assert from "node:assert/strict";
import { test } from "node:test";

import { BOARD, RUN } from "../../dashboard/components/viewer/mode.js";
import { diagnosed, problemOf } from "../../dashboard/components/viewer/problem.js";
import { record, words, WORDS } from "./made.js";

const page = (changes = {}) => ({
    ...{ words: WORDS, mode: RUN, heir: "", across: 0, again: "", quiet: false },
    ...changes,
});
const dead = {
    diagnosis: {
        ...{ kind: "dead", sentence: "The channel is dead.", values: {}, picture: 0 },
        ...{ remedy: "another_seed", label: "Another seed" },
    },
};

test("nothing is wrong", () => {
    assert.equal(problemOf([], "ended", page()), null);
    assert.equal(problemOf([record()], "connected", page()), null);
});

test("what a run died of, with what may help", () => {
    const failing = record([], {}, dead);
    assert.deepEqual(problemOf([failing], "connected", page()), {
        text: "The channel is dead.",
        label: "Another seed",
        event: { kind: "remedy", run: "a", remedy: "another_seed" },
    });
    assert.deepEqual(problemOf([failing], "connected", page({ mode: BOARD })), { text: "The channel is dead." });
    assert.equal(problemOf([failing], "connected", page({ quiet: true })), null, "the page asks what is wrong");
    const failed = record([], { title: "2. size 64" }, { error: "Out of memory." });
    for (const quiet of [false, true])
        assert.deepEqual(problemOf([record(), failed], "connected", page({ quiet })), {
            text: "2. size 64: Out of memory.",
        });
});

test("the connection is lost for a while, or for good", () => {
    assert.match(problemOf([record()], "unreachable", page()).text, /^The connection is lost; trying again/);
    const lost = "run and history are lost; settings and this picture are kept here.";
    assert.deepEqual(problemOf([record()], "ended", page()), { text: `The server no longer knows this page: ${lost}` });
});

test("a page that began anew can start again, a sweep only as what it was", () => {
    const start = { label: "Start again", event: { kind: "again", run: "", of: "" } };
    const { text, ...on } = problemOf([record(), record()], "ended", page({ heir: "restarted" }));
    assert.deepEqual(on, start);
    assert.match(text, /^The server was restarted: runs and histories are lost/);
    assert.equal(problemOf([record()], "ended", page({ heir: "away", across: 3 })).label, undefined);
    const sweep = problemOf([record()], "ended", page({ heir: "away", across: 3, again: "sweep" }));
    assert.deepEqual(sweep.event, { kind: "again", run: "", of: "sweep" });
});

test("what is wrong is said in the language of the page, with its numbers and the names of settings", () => {
    const grey = { sentence: "Taken away by {pulling} at {high}.", values: { pulling: ["Noise", "Blur"], high: -0.5 } };
    assert.equal(diagnosed(WORDS, { ...grey, picture: 2 }), "Picture 2: Taken away by Noise and Blur at −0.5.");
    const german = { ...words("de"), [grey.sentence]: "{pulling} nimmt es weg, bei {high}.", Noise: "Rauschen" };
    assert.equal(diagnosed(german, { ...grey, picture: 0 }), "Rauschen und Blur nimmt es weg, bei −0,5.");
    assert.equal(diagnosed(german, { sentence: "An error {of} another kind.", values: {}, picture: 0 }).length, 27);
});
