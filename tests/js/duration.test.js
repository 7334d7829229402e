import assert from "node:assert/strict";
import { test } from "node:test";

import { duration } from "../../dashboard/components/parts/duration.js";
import { ordinal } from "../../dashboard/components/parts/saving.js";

test("a duration has the two units that matter", () => {
    assert.equal(duration(0.2), "1 s");
    assert.equal(duration(59.4), "59 s");
    assert.equal(duration(59.6), "1 min 0 s");
    assert.equal(duration(3599), "59 min 59 s");
    assert.equal(duration(3600), "1 h 0 min");
    assert.equal(duration(93_784), "26 h 3 min");
});

test("ordinals, with those of the teens", () => {
    assert.deepEqual(
        [1, 2, 3, 4, 10, 11, 12, 13, 14].map((number) => ordinal(number)),
        [...["1st", "2nd", "3rd", "4th", "10th", "11th", "12th", "13th", "14th"]],
    );
    assert.deepEqual(
        [21, 22, 23, 100, 101, 111, 112, 121].map((number) => ordinal(number)),
        [...["21st", "22nd", "23rd", "100th", "101st", "111th", "112th", "121st"]],
    );
    assert.deepEqual([ordinal(2, "e"), ordinal(22, ".")], ["2e", "22."]);
});
