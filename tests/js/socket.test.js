import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { ReturningSocket } from "../../dashboard/components/parts/socket.js";
import { browse, look, Socket } from "./sockets.js";

beforeEach(() => browse("https://machine.test/explore"));

function returning(context, kind = {}) {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    context.mock.method(Math, "random", () => 0.5); // waits are as long as they are said to be
    const heard = [];
    const made = new ReturningSocket(
        "/live/token",
        { binary: "arraybuffer", forGood: [4404], silence: 5000, ...kind },
        { opened: () => heard.push("open"), received: (data) => heard.push(data), lost: (lost) => heard.push(lost) },
    );
    return { made, heard };
}

test("is open where the page is from, and sends only then", (context) => {
    const { made, heard } = returning(context);
    const [socket] = Socket.all;
    made.send({ early: true });
    assert.deepEqual(
        [String(socket.url), socket.binaryType, made.open],
        ["wss://machine.test/live/token", "arraybuffer", false],
    );
    socket.begin();
    made.send({ a: 1 });
    made.send(new ArrayBuffer(7));
    socket.onmessage({ data: "text" });
    assert.deepEqual([socket.sent, heard, made.open], [[{ a: 1 }, 7], ["open", "text"], true]);
    made.close();
});

test("waits longer after each attempt that fails, and briefly again once it has settled", (context) => {
    const { made, heard } = returning(context);
    for (const wait of [250, 500, 1000, 2000, 4000, 5000, 5000]) {
        const before = Socket.all.length;
        Socket.all.at(-1).onclose({ code: 1006, reason: "gone" });
        context.mock.timers.tick(wait - 1);
        assert.equal(Socket.all.length, before, `${wait}`);
        context.mock.timers.tick(1);
        assert.equal(Socket.all.length, before + 1, `${wait}`);
    }
    assert.deepEqual(heard[0], { code: 1006, reason: "gone", forGood: false, first: true });
    assert.deepEqual(
        heard.map(({ first }) => first),
        [true, ...Array(6).fill(false)],
    );
    Socket.all.at(-1).begin();
    made.settle();
    Socket.all.at(-1).onclose({ code: 1006, reason: "" });
    assert.equal(heard.at(-1).first, true);
    context.mock.timers.tick(250);
    assert.equal(Socket.all.length, 9);
    made.close();
});

test("silence loses it, any word does not; where none is due it may be silent", (context) => {
    const { made, heard } = returning(context);
    const [socket] = Socket.all;
    socket.begin();
    context.mock.timers.tick(4999);
    socket.onmessage({ data: "" });
    context.mock.timers.tick(4999);
    assert.deepEqual(heard, ["open", ""]);
    context.mock.timers.tick(1);
    assert.deepEqual(heard.at(-1), { code: 0, reason: "", forGood: false, first: false });
    assert.deepEqual([socket.closed, socket.onmessage], [true, null]);
    made.close();
    context.mock.timers.reset();
    const other = returning(context, { silence: undefined });
    context.mock.timers.tick(60_000);
    assert.deepEqual(other.heard, []);
    other.made.close();
});

test("comes back at once when somebody looks at it again, or is online again, and only once", (context) => {
    const { made } = returning(context);
    look("visible");
    assert.equal(Socket.all.length, 1, "it is not lost");
    Socket.all[0].onclose({ code: 1006, reason: "" });
    look("hidden");
    assert.equal(Socket.all.length, 1);
    look("visible");
    look("visible");
    assert.equal(Socket.all.length, 2);
    Socket.all[1].onclose({ code: 1006, reason: "" });
    globalThis.dispatchEvent(new Event("online"));
    context.mock.timers.tick(500);
    assert.equal(Socket.all.length, 3);
    made.close();
});

test("is gone for good where the server says so, or when it is closed", (context) => {
    const { heard } = returning(context);
    Socket.all[0].onclose({ code: 4404, reason: "who?" });
    context.mock.timers.tick(60_000);
    look("visible");
    assert.deepEqual([heard[0].forGood, Socket.all.length], [true, 1]);
    context.mock.timers.reset();
    const { made } = returning(context);
    made.close();
    context.mock.timers.tick(60_000);
    look("visible");
    assert.deepEqual([Socket.all.length, Socket.all[1].closed], [2, true]);
});
