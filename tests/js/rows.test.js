import assert from "node:assert/strict";
import { test } from "node:test";

import { lineOf } from "../../dashboard/components/viewer/line.js";
import { rowsOf, thin, values } from "../../dashboard/components/viewer/rows.js";
import { point, record, THEME, words, WORDS } from "./made.js";

const GRADIENT = "size of the image's gradient (log scale)";

test("rows: the score, each penalty, the gradient", () => {
    const made = record([point(1, 5, 10, { "L2 norm": 1 }), point(2, 6, 1000, { "L2 norm": 2, TV: 3 })]);
    const rows = rowsOf(WORDS, [made], "logit", THEME);
    assert.deepEqual(
        rows.map(({ heading, weight, curves }) => [heading, weight, curves.map(({ column }) => column)]),
        [
            ["logit", 2, ["score 0"]],
            ["penalty: L2 norm", 1, ["penalty L2 norm"]],
            ["penalty: TV", 1, ["penalty TV"]],
            [GRADIENT, 1, ["gradient 0"]],
        ],
    );
    assert.deepEqual(
        rows.map(({ log, decades }) => [log, decades]),
        [...Array(3).fill([undefined, undefined]), [true, "D2"]],
    );
});

test("headings in another language, and what a penalty is called there", () => {
    const said = { ...words("de"), "L2 norm": "L2-Norm" },
        rows = rowsOf(said, [record([point(1, 5, 10, { "L2 norm": 1 })])], "Wert (Logit)", THEME);
    assert.deepEqual(
        rows.map(({ heading }) => heading),
        ["Wert (Logit)", "Strafe: L2-Norm", "Größe des Gradienten (logarithmisch)"],
    );
});

test("a penalty that only one of two runs has is a curve of that one", () => {
    const one = record([point(1, 5, 1, { TV: 1 })], { key: "a", colour: 0 }),
        other = record([point(1, 5)], { key: "b", colour: 1 });
    const [, penalty] = rowsOf(WORDS, [one, other], "score", THEME);
    assert.deepEqual(penalty.curves, [{ record: one, column: "penalty TV", colour: "#000001", dash: "solid" }]);
});

test("an axis around one value, else Plotly's own", () => {
    const ranges = (...points) => rowsOf(WORDS, [record(points)], "score", THEME).map(({ range }) => range);
    assert.deepEqual(ranges(point(1, 4, 20)), [
        [2, 6],
        [1, Math.log10(40)],
    ]);
    assert.deepEqual(ranges(point(1, -4), point(2, -4))[0], [-6, -2]);
    assert.deepEqual(ranges(point(1, 0))[0], [-1, 1]);
    assert.equal(ranges(point(1, 4), point(2, 5))[0], undefined);
    assert.equal(ranges(point(1, null))[0], undefined);
    assert.equal(ranges(point(1, 0), point(2, null))[0], undefined);
});

test("how often a logarithmic axis is labelled", () => {
    const decades = (low, high) => rowsOf(WORDS, [record([point(1, 0, low), point(2, 0, high)])], "", THEME)[1].decades;
    assert.equal(decades(1, 1e11), 3);
    assert.equal(decades(1, 1000), 1);
    assert.equal(decades(1, 10), "D2");
    assert.equal(decades(100, 160), "L20");
    assert.equal(decades(100, 103), "L1");
    assert.equal(decades(100, 112), "L5");
    assert.equal(decades(100, 127), "L10");
    assert.equal(decades(5, 5), "D2");
    assert.equal(decades(0, 100), "D2"); // what has no place there is not counted
});

test("a gradient of zero has no place on its axis", () => {
    const made = record([point(1, 0, 0), point(2, 0, 5e-13), point(3, 0, 2)]);
    assert.deepEqual(values({ record: made, column: "gradient 0" }), [null, null, 2]);
    assert.deepEqual(values({ record: made, column: "gradient 0" }, 2), [2]);
    assert.deepEqual(values({ record: made, column: "score 0" }, 1), [0, 0]);
    assert.deepEqual(values({ record: made, column: "penalty TV" }), []);
});

test("thinned curves keep their spikes and their ends", () => {
    const x = Array.from({ length: 1000 }, (_, i) => i + 1),
        y = x.map((i) => (i === 500 ? 99 : i === 700 ? -99 : i % 2));
    const [fewer, kept] = thin(x, y, 100);
    assert.ok(fewer.length <= 100 && fewer.length > 50, `${fewer.length}`);
    assert.deepEqual([fewer[0], fewer.at(-1)], [1, 1000]);
    assert.equal(kept[fewer.indexOf(500)], 99);
    assert.equal(kept[fewer.indexOf(700)], -99);
    assert.deepEqual(
        [...fewer].sort((a, b) => a - b),
        fewer,
    );
    assert.deepEqual(thin([1, 2], [3, 4], 2), [
        [1, 2],
        [3, 4],
    ]);
});

test("thinning: of each stretch the lowest and the highest, exactly", () => {
    const x = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        y = [0, 5, null, 1, 2, 7, 3, 4, null, 0];
    assert.deepEqual(thin(x, y, 6), [
        [0, 1, 3, 5, 6, 9],
        [0, 5, 1, 7, 3, 0],
    ]);
});

test("lines: the accent for one picture alone, colours in turn, then dashes", () => {
    const line = (colour, images, image) => Object.values(lineOf(THEME, { colour, images }, image)).join(" ");
    assert.equal(line(null, 1, 0), "#cc6600 solid");
    assert.equal(line(null, 2, 0), "#000001 solid");
    assert.equal(line(null, 5, 0), "#000001 solid");
    assert.equal(line(null, 5, 4), "#000002 dot");
    assert.equal(line(2, 1, 0), "#000003 solid");
    assert.equal(line(3, 1, 0), "#000001 dot");
    assert.equal(line(3, 2, 1), "#000001 dash");
});
