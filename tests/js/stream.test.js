import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Stream } from "../../dashboard/components/viewer/stream.js";
import { browse, Socket } from "./sockets.js";

beforeEach(() => browse("https://machine.test/explore"));

function stream(context, receive = async () => {}) {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    context.mock.method(Math, "random", () => 0.5); // waits are as long as they are said to be
    const states = [];
    const made = new Stream("/live/token", {
        watching: () => ({ a: 7 }),
        receive,
        changed: (connection) => states.push(connection),
    });
    return { made, states };
}

function packed(header) {
    const text = new TextEncoder().encode(JSON.stringify({ sizes: [], ...header }));
    const bytes = new Uint8Array(4 + text.length);
    new DataView(bytes.buffer).setUint32(0, text.length);
    bytes.set(text, 4);
    return bytes.buffer;
}

test("says what it has as soon as it is open, and acknowledges what it has drawn", async (context) => {
    const seen = [];
    const { made, states } = stream(context, async ({ header }) => seen.push(header.seq));
    const [socket] = Socket.all;
    socket.begin();
    await socket.onmessage({ data: packed({ seq: 5 }) });
    await socket.onmessage({ data: new ArrayBuffer(0) });
    assert.equal(String(socket.url), "wss://machine.test/live/token");
    assert.deepEqual([states, seen, socket.sent], [["connected"], [5], [{ watch: { a: 7 } }, { ack: 5 }]]);
    made.close();
    assert.equal(socket.closed, true);
});

test("a message that cannot be drawn is acknowledged: what comes next may be", async (context) => {
    context.mock.method(console, "error", () => {});
    const { made } = stream(context, async () => Promise.reject(new Error("no")));
    const [socket] = Socket.all;
    socket.begin();
    await socket.onmessage({ data: packed({ seq: 5 }) });
    assert.deepEqual(socket.sent.at(-1), { ack: 5 });
    made.close();
});

test("comes back by itself, after longer and longer waits", (context) => {
    const { made, states } = stream(context);
    const waits = [250, 500, 1000, 2000, 4000, 5000, 5000];
    for (const wait of waits) {
        Socket.all.at(-1).onclose({ code: 1006 });
        const before = Socket.all.length;
        context.mock.timers.tick(wait - 1);
        assert.equal(Socket.all.length, before, `${wait}`);
        context.mock.timers.tick(1);
        assert.equal(Socket.all.length, before + 1, `${wait}`);
    }
    assert.deepEqual(states, ["reconnecting", ...Array(6).fill("unreachable")]);
    Socket.all.at(-1).begin();
    Socket.all.at(-1).onclose({ code: 1006 });
    assert.deepEqual(states.slice(-2), ["connected", "reconnecting"]);
    made.close();
});

test("silence is a connection that is lost", (context) => {
    const { made, states } = stream(context);
    const [socket] = Socket.all;
    socket.begin();
    context.mock.timers.tick(4999);
    socket.onmessage({ data: new ArrayBuffer(0) });
    context.mock.timers.tick(4999);
    assert.deepEqual(states, ["connected"]);
    context.mock.timers.tick(1);
    assert.deepEqual([states, socket.closed], [["connected", "unreachable"], true]);
    made.close();
});

test("a server that no longer knows the visitor is not asked again", (context) => {
    const { states } = stream(context);
    Socket.all[0].onclose({ code: 4404 });
    context.mock.timers.tick(60_000);
    assert.deepEqual([states, Socket.all.length], [["ended"], 1]);
});

test("wishes are for whoever is connected", (context) => {
    const { made } = stream(context);
    const [socket] = Socket.all;
    made.wish("pause", "a");
    socket.begin();
    made.wish("pause", "a");
    assert.deepEqual(socket.sent, [{ watch: { a: 7 } }, { wish: "pause", run: "a" }]);
    made.close();
});
