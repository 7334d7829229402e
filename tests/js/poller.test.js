import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { decode } from "../../dashboard/components/parts/map_message.js";
import { Poller } from "../../dashboard/components/parts/poller.js";
import { message } from "./maps.js";

let asked, answers;

beforeEach(() => {
    [asked, answers] = [[], []];
    mock.timers.enable({ apis: ["setTimeout"] });
    mock.method(console, "info", () => {});
    mock.method(globalThis, "fetch", (address) => {
        asked.push(address);
        return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    });
});
afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
});

const settled = () => new Promise(setImmediate);

async function answer(status, changes = {}) {
    const buffer = message({ height: 1, width: 1, ...changes }, [3]);
    answers.shift().resolve({ status, ok: status < 300, arrayBuffer: async () => buffer });
    await settled();
}

function poller(visible = () => true) {
    const heard = [];
    const made = new Poller("/maps/a", visible, {
        decode: async (answer) => decode(await answer.arrayBuffer()),
        receive: ({ header }) => heard.push(header.status),
        connected: (reachable) => heard.push(reachable),
        unknown: () => heard.push("unknown"),
    });
    return { made, heard };
}

test("it asks for what is newer than it has, one question at a time, until the map is finished", async () => {
    const { made, heard } = poller();
    made.ask();
    made.ask();
    assert.deepEqual(asked, ["/maps/a"]);
    await answer(200, { step: 3, status: "running" });
    mock.timers.tick(160);
    assert.deepEqual(asked, ["/maps/a", "/maps/a?since=3.running"]);
    await answer(204);
    mock.timers.tick(160);
    await answer(200, { step: 4, status: "finished" });
    mock.timers.tick(10_000);
    made.ask();
    assert.equal(asked.length, 3);
    assert.deepEqual(heard, [true, "running", true, true, "finished"]);
});

test("a paused map is asked for seldom", async () => {
    const { made } = poller();
    made.ask();
    await answer(200, { status: "paused" });
    mock.timers.tick(999);
    assert.equal(asked.length, 1);
    mock.timers.tick(1);
    assert.equal(asked.length, 2);
});

test("nothing is asked while nobody looks, nor after the end", async () => {
    let visible = false;
    const { made, heard } = poller(() => visible);
    made.ask();
    assert.equal(asked.length, 0);
    visible = true;
    made.ask();
    assert.equal(asked.length, 1);
    made.close();
    await answer(200, { status: "running" });
    mock.timers.tick(10_000);
    assert.deepEqual([asked.length, heard], [1, []]);
});

test("a map that the server does not know is asked for no more", async () => {
    const { made, heard } = poller();
    made.ask();
    await answer(404);
    mock.timers.tick(10_000);
    assert.deepEqual([asked.length, heard], [1, ["unknown"]]);
});

test("out of reach it tries again", async () => {
    const { made, heard } = poller();
    made.ask();
    answers.shift().reject(new TypeError("failed to fetch"));
    await settled();
    mock.timers.tick(1000);
    await answer(500);
    mock.timers.tick(1000);
    await answer(200);
    assert.deepEqual(heard, [false, false, true, "running"]);
});

test("of another layer it asks anew, and an answer for the one before is not heard", async () => {
    const { made, heard } = poller();
    made.ask();
    await answer(200, { step: 9, status: "finished" });
    made.turn("blocks.1");
    made.turn("blocks.2");
    assert.deepEqual(asked, ["/maps/a", "/maps/a?layer=blocks.1"]);
    await answer(200, { step: 9, status: "paused" });
    mock.timers.tick(0);
    assert.equal(asked.at(-1), "/maps/a?layer=blocks.2");
    await answer(200, { step: 9, status: "running" });
    mock.timers.tick(160);
    assert.equal(asked.at(-1), "/maps/a?layer=blocks.2&since=9.running");
    assert.deepEqual(heard, [true, "finished", true, "running"]);
});
