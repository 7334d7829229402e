import assert from "node:assert/strict";
import { test } from "node:test";

import { exact, grown, largest, moved, pulled } from "../../dashboard/components/explain/crop.js";

const IMAGE = { height: 300, width: 500 },
    SQUARE = { height: 224, width: 224 },
    WIDE = { height: 64, width: 96 };

test("the largest frame lies in the middle", () => {
    assert.deepEqual(largest(IMAGE, SQUARE), [0, 100, 300, 300]);
    assert.deepEqual(largest(IMAGE, WIDE), [0, 25, 300, 450]);
    assert.deepEqual(largest({ height: 500, width: 300 }, WIDE), [150, 0, 200, 300]);
    assert.deepEqual(largest({ height: 1, width: 1 }, SQUARE), [0, 0, 1, 1]);
});

test("only an image of the network's size is used as it is", () => {
    assert.equal(exact({ height: 224, width: 224 }, SQUARE), true);
    assert.equal(exact({ height: 224, width: 225 }, SQUARE), false);
});

test("a frame stays within the image wherever it is moved", () => {
    const frame = [10, 20, 100, 100];
    assert.deepEqual(moved(frame, IMAGE, 5.4, -3), [15, 17, 100, 100]);
    assert.deepEqual(moved(frame, IMAGE, -99, 9999), [0, 400, 100, 100]);
});

test("it grows around its middle, keeps its proportions, and moves where there is no room", () => {
    assert.deepEqual(grown([100, 100, 100, 150], IMAGE, WIDE, 20), [90, 85, 120, 180]);
    assert.deepEqual(grown([0, 0, 100, 100], IMAGE, SQUARE, 40), [0, 0, 140, 140]);
    assert.deepEqual(grown([100, 100, 100, 100], IMAGE, SQUARE, 9999), [0, 0, 300, 300]);
    assert.deepEqual(grown([100, 100, 100, 100], IMAGE, SQUARE, -9999), [142, 142, 16, 16]);
});

test("a pulled corner leaves the opposite one where it is", () => {
    const frame = [100, 100, 100, 100];
    assert.deepEqual(pulled(frame, IMAGE, SQUARE, "se", 50, 20), [100, 100, 150, 150]);
    assert.deepEqual(pulled(frame, IMAGE, SQUARE, "nw", 50, 80), [150, 150, 50, 50]);
    assert.deepEqual(pulled(frame, IMAGE, SQUARE, "ne", -20, -50), [80, 100, 120, 120]);
    assert.deepEqual(pulled(frame, IMAGE, SQUARE, "sw", -50, -40), [100, 60, 140, 140]);
    assert.deepEqual(pulled(frame, IMAGE, SQUARE, "sw", 9999, 9999), [100, 0, 200, 200]);
    assert.deepEqual(pulled([10, 10, 40, 60], IMAGE, WIDE, "se", -40, 30), [10, 10, 60, 90]);
});

test("beyond the opposite corner it stays as small as it may be", () => {
    assert.deepEqual(pulled([100, 100, 100, 100], IMAGE, SQUARE, "se", -200, -200), [100, 100, 16, 16]);
    assert.deepEqual(pulled([0, 0, 9, 9], { height: 9, width: 12 }, SQUARE, "se", -8, -8), [0, 0, 9, 9]);
});
