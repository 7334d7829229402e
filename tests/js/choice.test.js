import assert from "node:assert/strict";
import { test } from "node:test";

import { Choice } from "../../dashboard/components/gallery/choice.js";

test("the page is told again until it says the same", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const told = [],
        choice = new Choice(null, (channel) => told.push(channel));
    choice.set(4);
    choice.set(4);
    assert.deepEqual(told, [4]);
    choice.hear(3); // an earlier one was heard last
    context.mock.timers.tick(3000);
    assert.deepEqual(told, [4, 4]);
    choice.hear(4);
    context.mock.timers.tick(3000);
    assert.deepEqual(told, [4, 4]);
});

test("nothing is told where nothing was chosen, nor after the end", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const told = [],
        choice = new Choice(null, (channel) => told.push(channel));
    choice.hear(null);
    context.mock.timers.tick(3000);
    choice.set(1);
    choice.close();
    context.mock.timers.tick(3000);
    assert.deepEqual(told, [1]);
});

test("what is chosen elsewhere is followed, and is not told back", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const told = [],
        choice = new Choice(3, (channel) => told.push(channel));
    assert.equal(choice.hear(3), false);
    assert.equal(choice.hear(4), true);
    choice.set(4);
    context.mock.timers.tick(3000);
    assert.deepEqual(told, []);
    choice.set(5);
    choice.hear(5);
    assert.equal(choice.hear(6), true, "another one after the page had heard of it");
    context.mock.timers.tick(3000);
    assert.deepEqual(told, [5]);
});
