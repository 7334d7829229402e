import assert from "node:assert/strict";
import { test } from "node:test";

import { fit } from "../../dashboard/components/viewer/grid.js";

const square = (count) => Array(count).fill(1);

test("one picture takes what there is, less its caption", () => {
    assert.deepEqual(fit([1], 900, 530, 0, 2), { width: 500, columns: 1, narrow: false, lines: false, tiny: false });
    assert.equal(fit([2], 900, 530, 0, 2).width, 250);
    assert.equal(fit([0.5], 400, 530, 0, 2).width, 400);
});

test("one picture keeps its score however narrow it is: no name stands beside that", () => {
    assert.deepEqual(fit([4], 900, 530, 0, 2), { width: 122, columns: 1, narrow: true, lines: true, tiny: false });
});

test("as many columns as make the pictures largest", () => {
    // Four abreast: (1000 - 3 * 10) / 4 = 242; two by two: (400 - 10 - 60) / 2 = 165.
    assert.deepEqual(fit(square(4), 1000, 400, 0, 2), {
        ...{ width: 242, columns: 4 },
        ...{ narrow: false, lines: false, tiny: false },
    });
    // Two by two: min((700 - 10) / 2, (700 - 10 - 60) / 2) = 315.
    assert.equal(fit(square(4), 700, 700, 0, 2).columns, 2);
    assert.equal(fit(square(4), 700, 700, 0, 2).width, 315);
});

test("where there is little room captions have several lines", () => {
    // One: 200 - 30 = 170 < 210, so 200 - (2 * 16 + 8) = 160.
    assert.deepEqual(fit([1], 500, 200, 0, 2), { width: 160, columns: 1, narrow: true, lines: true, tiny: false });
    assert.deepEqual(fit(square(2), 258, 200, 0, 3), { width: 124, columns: 2, narrow: true, lines: true, tiny: true });
});

test("a sweep has its columns, and captions of one line", () => {
    assert.deepEqual(fit(square(6), 620, 200, 3, 2), {
        ...{ width: 65, columns: 3 },
        ...{ narrow: true, lines: false, tiny: false },
    });
});

test("a row is as high as its tallest", () => {
    // Two rows, 2 and 1 high: (640 - 10 - 60) / 3 = 190, in captions of several lines (640 - 10 - 80) / 3 = 183.
    assert.equal(fit([1, 2, 1, 0.5], 500, 640, 2, 2).width, 190);
});
