import assert from "node:assert/strict";
import { test } from "node:test";

import { between, Mask } from "../../dashboard/components/explain/mask.js";

const rows = ({ hidden, height, width }) =>
    Array.from({ length: height }, (_, row) => hidden.slice(row * width, (row + 1) * width).join(""));

test("a box hides whole pixels, and what lies outside of the picture is left out", () => {
    const mask = new Mask(3, 5);
    mask.box([1, 3, 9, 9], true);
    mask.box([-1, -1, 2, 2], true);
    assert.deepEqual(rows(mask), ["10000", "00011", "00011"]);
    mask.box([2, 0, 1, 4], false);
    assert.deepEqual(rows(mask), ["10000", "00011", "00001"]);
    assert.equal(mask.share, 4 / 15);
});

test("a brush hides the pixels whose middle it reaches, all along its way", () => {
    const mask = new Mask(5, 7);
    mask.stroke([2.5, 2.5], [2.5, 4.5], 1, true);
    assert.deepEqual(rows(mask), ["0000000", "0011100", "0111110", "0011100", "0000000"]);
    mask.stroke([2.5, 3.5], [2.5, 3.5], 0.4, false);
    assert.deepEqual(rows(mask)[2], "0110110");
    mask.stroke([-50, -50], [-20, -60], 5, true);
    assert.equal(mask.share, 10 / 35);
});

test("cleared, it is empty", () => {
    const mask = new Mask(2, 2);
    assert.equal(mask.empty, true);
    mask.box([0, 0, 1, 1], true);
    assert.equal(mask.empty, false);
    mask.clear();
    assert.equal(mask.empty, true);
});

test("packed, the first pixel is the highest bit, and the last byte is filled up with zeros", () => {
    const mask = new Mask(3, 5);
    mask.box([0, 0, 1, 1], true);
    mask.box([1, 2, 1, 2], true);
    mask.box([2, 4, 1, 1], true);
    assert.deepEqual(
        [...atob(mask.packed())].map((letter) => letter.charCodeAt(0)),
        [0b10000001, 0b10000010],
    );
});

test("a large one is packed too", () => {
    const mask = new Mask(1000, 1024);
    mask.box([0, 0, 1000, 1024], true);
    const bytes = atob(mask.packed());
    assert.deepEqual([bytes.length, bytes.charCodeAt(0), bytes.charCodeAt(127_999)], [128_000, 255, 255]);
});

test("the box between two places, whichever comes first", () => {
    assert.deepEqual(between([10.4, 3.6], [2.2, 8.5]), [2, 4, 8, 5]);
});

test("what is packed is the same when it is unpacked", () => {
    const mask = new Mask(3, 5),
        other = new Mask(3, 5);
    mask.box([0, 1, 2, 3], true);
    other.box([2, 0, 1, 5], true);
    other.unpack(mask.packed());
    assert.deepEqual(rows(other), ["01110", "01110", "00000"]);
});
