import assert from "node:assert/strict";
import { test } from "node:test";

import { joined, offered, sent } from "../../dashboard/components/kept/memory.js";

const OPENED = { choices: [], estimate: null, hints: 0, starts: 1, met: false },
    ANSWERED = { ...OPENED, choices: [1] },
    MET = { ...OPENED, met: true };

/** @param {Record<string, typeof OPENED>} steps */
const told = (steps, step = "two", token = "one tab") => ({
    ...{ lesson: "first", lang: "de", step },
    kept: { token, steps, recipes: ["a recipe"] },
});

test("what tabs tell is joined step by step, and a tab that has done nothing takes nothing away", () => {
    assert.equal(joined(null, told({ one: OPENED })), null);
    const kept = joined(null, told({ one: ANSWERED, two: OPENED }));
    assert.deepEqual(kept, {
        ...{ token: "one tab", last: "first" },
        lessons: {
            first: { lang: "de", step: "two", steps: { one: ANSWERED, two: OPENED }, recipes: ["a recipe"] },
        },
    });
    assert.equal(joined(kept, told({ one: OPENED }, "one", "another")), kept);
    assert.equal(joined(kept, { ...told({ one: MET }), kept: null }), kept); // a class keeps it itself
    const other = joined(kept, told({ one: OPENED, two: MET }, "two", "another"));
    assert.deepEqual(other?.lessons.first.steps, { one: ANSWERED, two: MET });
    assert.equal(other?.token, "another");
});

test("offered is what was not done here, of lessons that there are; the last one first, and sent last", () => {
    const kept = joined(null, told({ one: ANSWERED })),
        both = joined(kept, { ...told({ a: MET }, "a"), lesson: "second" }),
        first = { steps: ["one", "two"], begun: /** @type {string[]} */ ([]) },
        second = { steps: ["a"], begun: [] };
    assert.equal(offered(null, { first }), null);
    assert.equal(offered(kept, {}), null);
    assert.equal(offered(kept, { first }), "first");
    assert.equal(offered(kept, { first: { ...first, begun: ["one"] } }), null);
    assert.equal(offered(both, { first, second }), "second");
    assert.equal(offered(both, { first, second: { ...second, begun: ["a"] } }), "first");
    assert.ok(both);
    assert.deepEqual(
        sent(both, "first").map(({ lesson, step }) => [lesson, step]),
        [
            ["second", "a"],
            ["first", "two"],
        ],
    );
    const long = { ...both, lessons: { first: { ...both.lessons.first, recipes: ["x".repeat(16_000)] } } };
    assert.deepEqual(JSON.parse(sent(long, "first")[0].kept).recipes, []);
});
