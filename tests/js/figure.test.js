import assert from "node:assert/strict";
import { test } from "node:test";

import { traceOf } from "../../dashboard/components/viewer/curves.js";
import { escaped, layoutOf, markTrace, shapesOf } from "../../dashboard/components/viewer/figure.js";
import { rowsOf } from "../../dashboard/components/viewer/rows.js";
import { point, record, THEME, WORDS } from "./made.js";

function layout(records, changes = {}) {
    const rows = rowsOf(WORDS, records, "score <1>", THEME);
    return layoutOf({
        words: WORDS,
        rows,
        marks: [],
        cursor: null,
        theme: THEME,
        width: 500,
        height: 700,
        revision: "a",
        ...changes,
    });
}

test("rows stand one above the other, heading over axis, as high as they weigh", () => {
    const made = layout([record([point(1, 5), point(2, 6, 2)])]);
    // 700 - 4 - 44 = 652 px, of which two headings take 26 each: 600 px for weights 2 and 1
    assert.deepEqual(made.yaxis.domain, [(652 - 26 - 400) / 652, (652 - 26) / 652]);
    assert.deepEqual(made.yaxis2.domain, [0, 200 / 652]);
    assert.deepEqual([made.width, made.height, made.showlegend], [500, 700, false]);
    assert.equal(made.xaxis.anchor, "y2");
    assert.deepEqual(
        made.annotations.map(({ text }) => text),
        ["score &lt;1&gt;", "size of the image's gradient (log scale)"],
    );
    assert.deepEqual([made.yaxis.exponentformat, made.yaxis2.type, made.yaxis2.dtick], ["e", "log", "L0.5"]);
});

test("where there is no room it is higher than the page", () => {
    assert.equal(layout([record([point(1, 5), point(2, 6)])], { height: 100 }).height, 44 + 2 * (92 + 26));
});

test("several runs are named below, up to as many as can be told apart", () => {
    const records = (count) =>
        Array.from({ length: count }, (_, i) => record([point(1, i), point(2, i + 1)], { key: `${i}`, colour: i }));
    assert.equal(layout(records(1)).showlegend, false);
    assert.equal(layout(records(2)).showlegend, true);
    const { margin, height, yaxis2, legend } = layout(records(3), { height: 100 });
    assert.deepEqual([margin.b, height], [44 + 3 * 19, 44 + 3 * 19 + 2 * (92 + 26)]);
    // A third of what the two headings leave of 337 - 4 - 44 - 57 = 232 px.
    assert.deepEqual(yaxis2.domain, [0, 60 / 232]);
    assert.deepEqual([legend.y, legend.maxheight], [-44 / 232, 4 * 19]);
    assert.equal(layout(records(24)).showlegend, true);
    assert.equal(layout(records(25)).showlegend, false);
});

test("one point is a marker, and its axis counts iterations", () => {
    assert.equal(layout([record([point(1, 5)])]).xaxis.dtick, 1);
    const more = record([point(1, 5), point(2, 6)]);
    assert.equal(layout([more]).xaxis.dtick, undefined);
    assert.equal(layout([record([point(1, 5)]), more]).xaxis.dtick, undefined);
});

test("marks and the scrubber are lines", () => {
    const shapes = shapesOf([[12, "size 64"]], 40, THEME);
    assert.deepEqual(
        shapes.map(({ x0, x1, line }) => [x0, x1, line.color, line.width]),
        [
            [12, 12, "#111111", 1],
            [40, 40, "#cc6600", 2],
        ],
    );
    assert.equal(shapesOf([[12, "size 64"]], null, THEME).length, 1);
});

test("a mark says what changed, a line each; of more than seven, how many more", () => {
    const changes = (count) => Array.from({ length: count }, (_, i) => `c${i}`).join(", ");
    const { x, y, text } = markTrace(
        WORDS,
        [
            [5, "a < b, c"],
            [9, changes(7)],
            [11, changes(8)],
        ],
        THEME,
    );
    assert.deepEqual(
        [x, y],
        [
            [5, 9, 11],
            [1, 1, 1],
        ],
    );
    assert.deepEqual(text, [
        "a &lt; b<br>c",
        "c0<br>c1<br>c2<br>c3<br>c4<br>c5<br>c6",
        "c0<br>c1<br>c2<br>c3<br>c4<br>c5<br>and 2 more",
    ]);
});

test("markup becomes text", () => {
    assert.equal(escaped("<b>&amp;</b>"), "&lt;b&gt;&amp;amp;&lt;/b&gt;");
});

test("curves of the marked run stand in front of the others'", () => {
    const made = record([point(1, 5), point(2, 6)], { key: "a", title: "one", captions: ["one"] });
    const [{ curves }, gradient] = rowsOf(WORDS, [made], "score", THEME);
    const look = (marked) => {
        const { line, opacity } = traceOf(WORDS, curves[0], 0, marked);
        return [line.width, opacity];
    };
    assert.deepEqual(
        [look(null), look("a"), look("b")],
        [
            [1.6, 1],
            [3, 1],
            [1.6, 0.3],
        ],
    );
    const { x, y, yaxis, mode, name, showlegend } = traceOf(WORDS, gradient.curves[0], 1, null);
    assert.deepEqual([x, y, yaxis, mode, name, showlegend], [[1, 2], [1, 1], "y2", "lines", "one", false]);
});

test("what is drawn is a copy: Plotly adds to it", () => {
    const made = record([point(1, 5)]);
    const { x, mode } = traceOf(WORDS, rowsOf(WORDS, [made], "score", THEME)[0].curves[0], 0, null);
    x.push(2);
    assert.deepEqual([made.iterations, mode], [[1], "markers"]);
});
