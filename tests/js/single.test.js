import assert from "node:assert/strict";
import { test } from "node:test";

import { gridOf } from "../../dashboard/components/layers/grid.js";
import { fitted, inkOn, isSingle, layoutOf } from "../../dashboard/components/layers/single.js";
import { channelWords, sizeWords, strongestWords } from "../../dashboard/components/layers/words.js";
import { sheet } from "./sheets.js";

const CLASSES = sheet({
    tops: [2, 8, 1e-9],
    peaks: [-2, 8, 1e-9],
    values: [-127, 127, 127],
    columns: 1,
    names: ["tench", "cat"],
});

test("one value each: it is told with the class's name, and no place in a map", () => {
    const how = { by: "strength", numbers: CLASSES.peaks };
    assert.equal(channelWords(CLASSES, 1, 0, how), "class 1, cat: 8.00, 1st of 3");
    assert.equal(channelWords(CLASSES, 0, 2, how), "class 0, tench: −2.00, 3rd of 3");
    assert.deepEqual(strongestWords(CLASSES, [1, 2]), ["class 1, cat: 8.00", "channel 2: 0"]);
    assert.equal(sizeWords(CLASSES.header), "3 classes, one value each");
    assert.equal(sizeWords({ ...CLASSES.header, names: [] }), "3 channels, one value each");
});

test("named ones are wide enough for a name, others are small", () => {
    assert.deepEqual([isSingle(CLASSES.header), isSingle({ rows: 1, columns: 2 })], [true, false]);
    const named = gridOf({ width: 600, height: 400 }, 1000, ...layoutOf(CLASSES.header)),
        bare = gridOf({ width: 600, height: 400 }, 1000, ...layoutOf({ ...CLASSES.header, names: [] }));
    assert.deepEqual([named.across, named.width, named.height], [4, 145, 36]);
    assert.deepEqual([bare.across, bare.width, bare.height], [8, 69, 35]);
    assert.deepEqual(layoutOf({ rows: 2, columns: 4, names: [] }), [2]);
});

test("a number is read on any colour, and a name is cut where its room ends", () => {
    assert.deepEqual([inkOn([255, 255, 255]), inkOn([143, 49, 20]), inkOn([26, 74, 160])], ["#000", "#fff", "#fff"]);
    const context = { measureText: (text) => ({ width: 10 * text.length }) };
    assert.deepEqual([fitted(context, "tench", 50), fitted(context, "tench", 40)], ["tench", "ten…"]);
});
