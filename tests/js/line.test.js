import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Line } from "../../dashboard/components/member/line.js";
import { browse, Socket } from "./sockets.js";

beforeEach(() => browse("https://machine.test/explore"));

function line(context) {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    context.mock.method(Math, "random", () => 0.5); // waits are as long as they are said to be
    const heard = [];
    return {
        heard,
        made: new Line("/class/token", {
            hello: () => ({ secret: "s" }),
            receive: (news) => heard.push(news),
            show: () => heard.push("a picture"),
            changed: (connected) => heard.push(connected),
        }),
    };
}

const TOLD = { version: 4, you: { name: "Wise Fox" }, class: {} };

test("says who it is first, and pulls what has changed when it hears of another version", (context) => {
    const { made, heard } = line(context);
    const [socket] = Socket.all;
    socket.begin();
    socket.say(TOLD);
    socket.say({ version: 4 });
    socket.say({ version: 6 });
    socket.say({});
    socket.onmessage({ data: new Blob(["jpeg"]) });
    assert.deepEqual(socket.sent, [{ secret: "s" }, { pull: 4 }]);
    assert.deepEqual(heard.slice(0, 2), [true, TOLD]);
    assert.equal(heard.at(-1), "a picture");
    made.close();
});

test("comes back by itself, waiting longer each time, and at once when the phone is looked at again", (context) => {
    const { made } = line(context);
    for (const [count, wait] of [250, 500, 1000].entries()) {
        Socket.all.at(-1).onclose({ code: 4404 }); // nobody of that token: the page is not drawn anew yet
        context.mock.timers.tick(wait - 1);
        assert.equal(Socket.all.length, count + 1);
        context.mock.timers.tick(1);
        assert.equal(Socket.all.length, count + 2);
    }
    Socket.all.at(-1).onclose({ code: 1006 });
    globalThis.document.visibilityState = "hidden";
    globalThis.document.dispatchEvent(new Event("visibilitychange"));
    assert.equal(Socket.all.length, 4);
    globalThis.document.visibilityState = "visible";
    globalThis.document.dispatchEvent(new Event("visibilitychange"));
    globalThis.document.dispatchEvent(new Event("visibilitychange"));
    assert.equal(Socket.all.length, 5);
    context.mock.timers.tick(4999); // silence
    assert.equal(Socket.all.length, 5);
    context.mock.timers.tick(1);
    context.mock.timers.tick(4000);
    assert.equal(Socket.all.length, 6);
    made.close();
});

test("does not come back where it is refused, over, or another tab's", (context) => {
    for (const code of [4403, 4409, 4410]) {
        line(context);
        Socket.all.at(-1).onclose({ code });
        context.mock.timers.tick(60_000);
        globalThis.document.dispatchEvent(new Event("visibilitychange"));
        context.mock.timers.reset();
    }
    assert.equal(Socket.all.length, 3);
});
