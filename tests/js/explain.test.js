import assert from "node:assert/strict";
import { test } from "node:test";

import { correlationWords } from "../../dashboard/components/explain/cascade.js";
import { found } from "../../dashboard/components/explain/classes.js";
import { areaWords, ends, place as placed } from "../../dashboard/components/explain/curves.js";
import { scoreWords, sharesOf } from "../../dashboard/components/explain/depth.js";
import { flipWords } from "../../dashboard/components/explain/flip.js";
import {
    completenessWords,
    frameWords,
    gridWords,
    progressWords,
    valueAt,
} from "../../dashboard/components/explain/words.js";
import { Colours, place } from "../../dashboard/components/parts/colours.js";
import { decode } from "../../dashboard/components/parts/map_message.js";
import { Newest } from "../../dashboard/components/parts/newest.js";
import { number, percent, scaleWords } from "../../dashboard/components/parts/numbers.js";
import { message } from "./maps.js";

const table = (shift) => btoa(String.fromCharCode(...Array.from({ length: 768 }, (_, i) => ((i / 3) ^ shift) & 255)));
const colours = () => new Colours({ diverging: table(0), sequential: table(255) });

test("a message is its header and as many values as its map has places", () => {
    const { header, values } = decode(message({ height: 2, width: 3, step: 7 }, [-127, 0, 127, 1, -1, 64]));
    assert.deepEqual([header.step, header.height, header.width], [7, 2, 3]);
    assert.deepEqual([...values], [-127, 0, 127, 1, -1, 64]);
});

test("the values begin after a header whose letters take several bytes", () => {
    const { header, values } = decode(message({ height: 1, width: 2, words: "größer – ja" }, [5, -5]));
    assert.equal(header.words, "größer – ja");
    assert.deepEqual([...values], [5, -5]);
});

test("while there is no map there are no values; too few are refused", () => {
    assert.equal(decode(message({ height: 0, width: 0 }, [])).values.length, 0);
    assert.throws(() => decode(message({ height: 2, width: 2 }, [1, 2, 3])), /another size/);
});

test("zero lies in the middle of the diverging scale and at the foot of the sequential one", () => {
    assert.deepEqual(
        [-127, 0, 127, -128].map((value) => place(value, true)),
        [0, 128, 255, 0],
    );
    assert.deepEqual(
        [0, 64, 127, -5].map((value) => place(value, false)),
        [0, 129, 255, 0],
    );
});

test("each value has the colour of its place", () => {
    assert.deepEqual(
        [...colours().pixels(Int8Array.of(-127, 0, 127), true)].filter((_, i) => i % 4 < 3),
        [...[0, 0, 0, 128, 128, 128, 255, 255, 255]],
    );
    assert.deepEqual([...colours().pixels(Int8Array.of(0, 127), false)], [255, 255, 255, 255, 0, 0, 0, 255]);
});

test("a scale holds every value once, the lowest first", () => {
    assert.equal(colours().scale(true).length, 4 * 255);
    assert.equal(colours().scale(false).length, 4 * 128);
    assert.deepEqual([colours().scale(true)[0], colours().scale(true).at(-2)], [0, 255]);
});

test("a table of another length is refused", () => {
    assert.throws(() => new Colours({ diverging: btoa("abc"), sequential: table(0) }), /3 bytes/);
});

test("of questions that come while one is under way only the newest is asked", async () => {
    const asked = [],
        ends = [];
    const newest = new Newest((question) => {
        asked.push(question);
        return new Promise((end) => ends.push(end));
    });
    const done = newest.put(1);
    newest.put(2);
    newest.put(3);
    assert.deepEqual(asked, [1]);
    ends.shift()();
    await new Promise(setImmediate);
    assert.deepEqual(asked, [1, 3]);
    newest.put(4);
    newest.forget();
    ends.shift()();
    await done;
    assert.deepEqual([asked, newest.busy], [[1, 3], false]);
});

test("numbers with three digits that count", () => {
    const values = [0, 0.0123456, -0.5, 1.2345, 12.345, 123.45, 1234.5, 0.000012, -123456].map((value) =>
        number(value),
    );
    assert.deepEqual(values, ["0", "0.0123", "−0.500", "1.23", "12.3", "123", "1235", "1.20e−5", "−1.23e5"]);
});

test("probabilities are never rounded to nothing", () => {
    assert.deepEqual([0, 0.0004, 0.0123, 0.876, 0.9999, 1].map(percent), [
        ...["0.0 %", "< 0.1 %", "1.2 %", "87.6 %", "100 %", "100 %"],
    ]);
});

test("what is said of a frame and of a place of a map", () => {
    assert.equal(
        frameWords([3, 4, 100, 150], { height: 300, width: 400, given: null }),
        "150 × 100 of 400 × 300 px, from row 3, column 4",
    );
    assert.equal(
        frameWords([0, 0, 1152, 1152], { height: 1536, width: 1152, given: [1600, 1200] }),
        "1152 × 1152 of 1152 × 1536 px (reduced from 1200 × 1600), from row 0, column 0",
    );
    const at = (values, signed, x, y) =>
        valueAt({ header: { height: 2, width: 3, top: 2.54, signed }, values: Int8Array.from(values) }, { x, y });
    assert.equal(at([0, 0, 0, -127, 0, 0], true, 0, 1), "row 1, column 0: −2.54, against it");
    assert.equal(at([0, 64, 0, 0, 0, 0], true, 0.5, 0.49), "row 0, column 1: 1.28, for it");
    assert.equal(at([0, 0, 0, 0, 0, 64], false, 1, 1), "row 1, column 2: 1.28");
    assert.equal(at([0, 0, 0, 0, 0, 0], true, 0.4, 0), "row 0, column 1: 0");
    assert.equal(at([], true, 0.4, 0), "");
    const cut = { height: 1, width: 2, top: 2, beyond: true, signed: true };
    const said = (x) => valueAt({ header: cut, values: Int8Array.of(127, 126) }, { x, y: 0 });
    assert.deepEqual([said(0), said(1)], ["row 0, column 0: 2.00 or more, for it", "row 0, column 1: 1.98, for it"]);
});

test("a scale says where its last colour stands for more too", () => {
    assert.deepEqual(scaleWords({ top: 2.5, beyond: false, signed: false }), ["0", "2.50"]);
    assert.deepEqual(scaleWords({ top: 0.282, beyond: true, signed: false }), ["0", "0.282 and more"]);
    assert.deepEqual(scaleWords({ top: 0.282, beyond: true, signed: true }), ["−0.282", "0.282 and more"]);
    const held = scaleWords({ top: 21.7, beyond: false, signed: true }, "peak of 10 s");
    assert.deepEqual(held, ["−21.7", "21.7, peak of 10 s"]);
});

test("what is said of a map's way and of its sum", () => {
    const said = (status, fraction, passes) => progressWords({ status, fraction, passes, score: passes ? 9.87 : null });
    assert.equal(said("running", 0.336, 1), "running at 34 %, score 9.87, 1 pass");
    assert.equal(said("waiting", 0, 0), "waiting");
    assert.equal(said("finished", 1, 50), "score 9.87, 50 passes");
    assert.equal(said("cancelled", 0.5, 25), "stopped at 50 %, score 9.87, 25 passes");
    assert.equal(said("failed", 0.5, 25), "failed at 50 %, score 9.87, 25 passes");
    assert.equal(said("failed", 0, 0), "");
    assert.equal(completenessWords({ completeness: null }), "");
    assert.equal(completenessWords({ completeness: [3.96, 4] }), "adds up to 3.96 of 4.00, off by 1.0 %");
    assert.equal(completenessWords({ completeness: [0.1, 0] }), "adds up to 0.100 of 0");
    assert.equal(gridWords({ layer: "blocks.6" }, { rows: 7, columns: 9 }), "blocks.6, 7 × 9");
    assert.equal(gridWords({ layer: "" }, { rows: 0, columns: 0 }), "");
});

test("the likeliest classes, and those in question wherever they stand", () => {
    const entries = Array.from({ length: 20 }, (_, i) => [i, `Class ${i}`, 1 / (i + 1)]);
    const indices = (words, explained) => found(entries, words, explained).map(([index]) => index);
    assert.deepEqual(indices("", { index: 3, against: null }), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(indices("", { index: 17, against: 12 }), [0, 1, 2, 3, 4, 5, 6, 7, 12, 17]);
    assert.deepEqual(indices(" CLASS 1", { index: 3, against: null }), [1, 10, 11, 12, 13, 14, 15, 16]);
    assert.deepEqual(indices("none", { index: 3, against: null }), []);
});

test("each layer's deletion score, and where it is highest", () => {
    const scores = { a: 0.4, c: -0.2, d: 0.8 };
    assert.deepEqual(sharesOf(["a", "b", "c", "d"], scores), [0.5, null, 0, 1]);
    assert.deepEqual(sharesOf(["a"], { a: 0 }), [null]);
    assert.equal(scoreWords(scores, "a"), "deletion score 0.400, highest at d: 0.800");
    assert.equal(scoreWords(scores, "b"), "highest at d: 0.800");
    assert.equal(scoreWords(scores, "d"), "deletion score 0.800, the highest of all layers");
    assert.equal(scoreWords({}, "c"), "");
});

test("what is said of the search for the smallest region", () => {
    const said = (changes) => flipWords({ status: "running", error: "", share: 0, class: null, words: "", ...changes });
    const found = { share: 0.031, class: [7, "cock", 0.52] };
    assert.equal(said({}), "searching");
    assert.equal(said(found), "searching, 3.1 % of the picture: then it is cock (52.0 %)");
    assert.equal(said({ ...found, status: "cancelled" }), "stopped, 3.1 % of the picture: then it is cock (52.0 %)");
    assert.equal(said({ ...found, status: "finished" }), "3.1 % of the picture: then it is cock (52.0 %)");
    assert.equal(said({ status: "finished", words: "no region does" }), "no region does");
    assert.equal(said({ status: "failed", error: "Out of memory." }), "Out of memory.");
});

test("curves lie between their lowest and their highest value, zero at the foot", () => {
    assert.deepEqual(ends([3, 5, 4]), [0, 5]);
    assert.deepEqual(ends([-2, 1]), [-2, 1]);
    assert.deepEqual(ends([0, 0]), [0, 1]);
    const curve = [
        [0, 5],
        [0.5, 2.5],
        [1, 0],
    ];
    assert.equal(placed(curve, 0, 5), "0,2 110,45 220,88");
});

test("areas and correlations in words", () => {
    const orders = [
        ["", "this map"],
        ["_random", "random order"],
        ["_edges", "edge map"],
    ];
    assert.equal(
        areaWords("deletion", orders, { deletion: 0.12, deletion_random: 0.3 }),
        "deletion, area under the curve: this map 0.120, random order 0.300",
    );
    assert.equal(areaWords("insertion", orders, {}), "insertion");
    assert.equal(correlationWords({ correlation: null }), "");
    assert.equal(correlationWords({ correlation: [0.5, 0.5, 0.5] }), "0.50");
    assert.equal(correlationWords({ correlation: [0.512, -0.4, 0.6] }), "0.51 (−0.40 to 0.60)");
});
