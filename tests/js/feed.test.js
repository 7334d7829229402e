import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Feed } from "../../dashboard/components/layers/feed.js";
import { message } from "./sheets.js";
import { browse, Socket } from "./sockets.js";

beforeEach(() => browse("https://machine.test/layers"));

function feed(context) {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    context.mock.method(Math, "random", () => 0.5);
    const heard = [];
    const made = new Feed("/layers/token/camera", "blocks.1", {
        ready: () => heard.push("ready"),
        receive: (sheet) => heard.push(sheet.header.layer),
        refused: (sentence) => heard.push(sentence),
        lost: (reason) => heard.push(["lost", reason]),
    });
    return { made, heard, said: () => heard.splice(0) };
}

test("one frame at a time: the next can go when the sheet of the last has come", (context) => {
    const { made, said } = feed(context);
    assert.equal(made.free, false);
    Socket.all[0].begin();
    assert.deepEqual([String(Socket.all[0].url), said()], ["wss://machine.test/layers/token/camera", ["ready"]]);
    assert.equal(made.free, true);
    made.send(new ArrayBuffer(7));
    assert.equal(made.free, false);
    made.turn("blocks.2");
    Socket.all[0].onmessage({ data: message({ tops: [1], values: [1, 2] }) });
    assert.deepEqual([made.free, said()], [true, ["blocks.1", "ready"]]);
    assert.deepEqual(Socket.all[0].sent, [{ layer: "blocks.1" }, 7, { layer: "blocks.2" }]);
    made.close();
});

test("a frame that is refused leaves the way free, with a sentence", (context) => {
    const { made, said } = feed(context);
    Socket.all[0].begin();
    made.send(new ArrayBuffer(7));
    Socket.all[0].onmessage({ data: JSON.stringify({ error: "This is no JPEG." }) });
    assert.deepEqual([made.free, said()], [true, ["ready", "This is no JPEG.", "ready"]]);
    made.close();
});

test("it comes back by itself, later each time, and says again which layer is wanted", (context) => {
    const { made, said } = feed(context);
    Socket.all[0].begin();
    made.turn("blocks.3");
    made.send(new ArrayBuffer(7));
    Socket.all[0].onclose({ code: 1006, reason: "" });
    context.mock.timers.tick(250);
    Socket.all[1].onclose({ code: 1006, reason: "" });
    context.mock.timers.tick(250);
    assert.equal(Socket.all.length, 2);
    context.mock.timers.tick(250);
    Socket.all[2].begin();
    assert.deepEqual([made.free, Socket.all[2].sent], [true, [{ layer: "blocks.3" }]]);
    assert.deepEqual(said(), ["ready", ["lost", null], ["lost", null], "ready"]);
    made.close();
});

test("what is closed for good stays closed, and silence is a loss", (context) => {
    const { made, said } = feed(context);
    Socket.all[0].begin();
    made.send(new ArrayBuffer(7));
    context.mock.timers.tick(20_000);
    assert.deepEqual([Socket.all[0].readyState, said()], [3, ["ready", ["lost", null]]]);
    context.mock.timers.tick(250);
    Socket.all[1].begin();
    Socket.all[1].onclose({ code: 4400, reason: "Too many frames came at once." });
    context.mock.timers.tick(60_000);
    assert.deepEqual([Socket.all.length, said()], [2, ["ready", ["lost", "Too many frames came at once."]]]);
    made.close();
});
