import assert from "node:assert/strict";
import { test } from "node:test";

import { header, point, record } from "./made.js";

test("points become columns, one number an iteration", () => {
    const made = record([
        [1, [0.5, 0.25], { L2: 3 }, [9, 8]],
        [2, [0.75, 0.5], {}, [7, 6]],
        [3, [1, 0.75], { L1: 4 }, [5, null]],
    ]);
    assert.deepEqual(made.iterations, [1, 2, 3]);
    assert.deepEqual(Object.fromEntries(made.columns), {
        "score 0": [0.5, 0.75, 1],
        "score 1": [0.25, 0.5, 0.75],
        "gradient 0": [9, 7, 5],
        "gradient 1": [8, 6, null],
        "penalty L2": [3, null, null],
        "penalty L1": [null, null, 4],
    });
    assert.equal(made.images, 2);
    assert.equal(made.last, 3);
});

test("points that are known already are not added again", () => {
    const made = record([point(1, 5), point(2, 6)]);
    made.merge(header([point(2, 60), point(3, 7)]));
    assert.deepEqual(made.columns.get("score 0"), [5, 6, 7]);
});

test("a score at an iteration, of a run that went on from another's", () => {
    const made = record([point(41, 5), point(42, 6), point(43, 7)]);
    assert.equal(made.score(0), 7);
    assert.equal(made.score(0, 42), 6);
    assert.equal(made.score(0, 40), null);
    assert.equal(made.score(1), null);
});

test("marks are kept by iteration, the newest sentence", () => {
    const made = record([], {}, { marks: [[5, "size 64"]] });
    made.merge(
        header([], {
            marks: [
                [5, "size 96"],
                [9, "size 32"],
            ],
        }),
    );
    assert.deepEqual(
        [...made.marks],
        [
            [5, "size 96"],
            [9, "size 32"],
        ],
    );
});

test("names of its pictures", () => {
    assert.equal(record([]).name(0), "");
    assert.equal(record([], { captions: [], title: "3. size 64" }).name(0), "3. size 64");
    assert.equal(record([], { captions: [] }).name(1), "picture 2");
    const several = record([[1, [1, 2], {}, [1, 1]]], { captions: ["one"], title: "3. size 64" });
    assert.equal(several.name(1), "3. picture 2, size 64");
});

test("a preview stands for as long as the picture is less clear than it", () => {
    const preview = { until: 48, iterations: 192, width: 224 };
    const made = record([point(10, 1)], { preview });
    assert.equal(made.blurred, true);
    made.previewed(112); // half as wide: a quarter of the pixels, a quarter of the iterations
    assert.equal(made.until, 48);
    made.previewed(56);
    assert.equal(made.until, 12);
    made.merge(header([point(11, 1)]));
    assert.equal(made.blurred, true);
    made.merge(header([point(12, 1)]));
    assert.equal(made.blurred, false);
});

test("a preview never covers a run that is paused, or one without", () => {
    const preview = { until: 48, iterations: 192, width: 224 };
    assert.equal(record([point(10, 1)], { preview }, { status: "paused" }).blurred, false);
    const without = record([point(10, 1)]);
    without.previewed(112);
    assert.equal(without.blurred, false);
});

test("what decides which pictures there are changes with them, the end and the held-out score", () => {
    const made = record([]);
    const shapes = [made.shape];
    made.merge(header([point(1, 1)]));
    shapes.push(made.shape);
    made.merge(header([point(2, 2)], { status: "finished" }));
    shapes.push(made.shape);
    made.merge(header([], { status: "finished", heldOut: { score: 2, rank: 1, of: 9 } }));
    shapes.push(made.shape);
    assert.equal(new Set(shapes).size, 4);
    made.merge(header([point(3, 2)], { status: "finished", heldOut: { score: 2, rank: 1, of: 9 } }));
    assert.equal(made.shape, shapes[3]);
});

test("a run begins waiting, with nothing known", () => {
    const { header: begun, colour, preview, heldOut, ended, last } = record([], {}, { status: "waiting" });
    assert.deepEqual([colour, preview, heldOut, ended, last], [null, null, null, false, 0]);
    assert.deepEqual([begun.iteration, begun.recorded, begun.diagnosis], [0, null, null]);
});
