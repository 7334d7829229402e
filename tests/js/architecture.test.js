import assert from "node:assert/strict";
import { test } from "node:test";

import { pictured, seen } from "../../dashboard/components/architecture/about.js";
import {
    counted,
    grain,
    height,
    marked,
    short,
    shortName,
    within,
} from "../../dashboard/components/architecture/layers.js";
import { Pictures } from "../../dashboard/components/architecture/pictures.js";
import { capital } from "../../dashboard/components/architecture/steps.js";
import { goal } from "../../dashboard/components/architecture/tiles.js";
import { PATIENCE, Turns } from "../../dashboard/components/architecture/turns.js";
import { Zoom } from "../../dashboard/components/architecture/zoom.js";

const layer = (name, more = {}) => ({ name, channels: 16, positions: [14, 14], tokens: false, ...more });

function turns() {
    const sent = [],
        busy = [];
    const made = new Turns(
        (event) => sent.push(event),
        (each) => busy.push(each),
    );
    return { made, sent, busy };
}

const step = (channels, layers) => ({ kind: "step", channels, layers, turn: 0 });

test("one event at a time: steps that wait are added up", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const { made, sent, busy } = turns();
    made.step("channels", 1);
    made.step("channels", 1);
    made.step("channels", 1);
    made.step("layers", -1);
    assert.deepEqual(sent, [step(1, 0)]);
    made.answered();
    assert.deepEqual(sent, [step(1, 0), step(2, -1)]);
    made.answered();
    assert.deepEqual([sent.length, busy], [2, [true, false, true, false]]);
});

test("of what waits the newest kind counts", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const { made, sent } = turns();
    made.ask({ kind: "random" });
    made.step("channels", 1);
    made.ask({ kind: "layer", name: "fc" });
    made.answered();
    assert.deepEqual(sent, [
        { kind: "random", turn: 0 },
        { kind: "layer", name: "fc", turn: 0 },
    ]);
});

test("what is never answered counts as answered after a while", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const { made, sent } = turns();
    made.ask({ kind: "random" });
    made.step("layers", 1);
    context.mock.timers.tick(PATIENCE);
    assert.deepEqual(sent.pop(), sent[0], "it may have been lost");
    context.mock.timers.tick(PATIENCE - 1);
    assert.equal(sent.length, 1);
    context.mock.timers.tick(1);
    assert.deepEqual(sent[1], { ...step(0, 1), turn: 2 * PATIENCE });
    made.close();
});

test("keys among the tiles stop at the ends", () => {
    const keys = ["ArrowLeft", "ArrowRight", "Home", "End", "x"];
    assert.deepEqual(
        keys.map((key) => goal(key, 0, 4)),
        [0, 1, 0, 3, null],
    );
    assert.equal(goal("ArrowRight", 3, 4), 3);
});

test("layers inside are counted in words", () => {
    assert.deepEqual([1, 9].map(counted), ["1 layer", "9 layers"]);
});

test("words at the beginning of a sentence", () => {
    assert.deepEqual(["channel", ""].map(capital), ["Channel", ""]);
});

test("the layers that a target reads are marked, by themselves or within their block", () => {
    const layers = ["blocks.1", "blocks.10", "blocks.10@2", "head"].map((name) => layer(name));
    assert.deepEqual(marked(layers, ["blocks.1.conv"]), [0]);
    assert.deepEqual(marked(layers, ["blocks.10@2", "head"]), [1, 2, 3]);
    assert.deepEqual(marked(layers, ["blocks"]), []);
    assert.deepEqual(within(layers, ["blocks"]), [0, 1, 2], "the target is a whole stage");
});

test("a bar is as high as a layer has channels, and every one is seen", () => {
    const all = [16, 64, 1024];
    assert.equal(height(1024, all), 1);
    assert.ok(Math.abs(height(16, all) - 1 / 7) < 1e-9, "one doubling of seven");
    assert.ok(Math.abs(height(64, all) - 3 / 7) < 1e-9);
    assert.equal(height(8, [8, 8]), 1, "layers of one size");
});

test("colour tells how fine the grid is, sizes are told in short", () => {
    const stem = layer("stem", { positions: [256, 128] }),
        tokens = layer("block", { positions: [256, 1], tokens: true }),
        head = layer("head", { positions: [1, 1] });
    assert.deepEqual([stem, tokens, head].map(grain), [1, 0.5, 0]);
    assert.deepEqual([stem, tokens, head].map(short), ["16×256×128", "16×256", "16"]);
});

test("of a long name the end is shown, of a layer inside what is its own", () => {
    assert.equal(shortName("blocks.4.0", ""), "blocks.4.0");
    assert.equal(shortName("features.denseblock2.denselayer3", ""), "…nselayer3");
    assert.equal(shortName("features.4.block.0", ""), "…4.block.0");
    assert.equal(shortName("blocks.4.0.bn1.act", "blocks.4.0"), "bn1.act");
});

test("what is said of a picture and of what a cell sees", () => {
    assert.equal(pictured(undefined), "");
    assert.equal(pictured({ channel: 2, source: "a.jpg", words: "" }), "; pictured: channel 2");
    assert.equal(pictured({ channel: 2, source: "", words: "dead." }), "; no picture: dead");
    assert.deepEqual(
        ["", "9 x 9 px of the picture"].map((field) => seen({ field })),
        ["", "; sees 9 x 9 px of the picture"],
    );
});

/** A page that somebody sees, and what the server answers, one after the other; the questions it was asked. */
function page(context, ...answers) {
    const asked = [];
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const given = {
        document: { visibilityState: "visible" },
        requestIdleCallback: (act) => act(),
        fetch: async (address) => {
            asked.push(address);
            const answer = answers.shift();
            return { ok: Boolean(answer), status: answer ? 200 : 404, json: async () => answer };
        },
    };
    for (const [name, value] of Object.entries(given)) {
        const before = globalThis[name];
        globalThis[name] = value;
        context.after(() => (globalThis[name] = before));
    }
    const pass = async (ms) => {
        context.mock.timers.tick(ms);
        for (let turn = 0; turn < 9; turn++) await null;
    };
    return { asked, pass };
}

const news = (status, pictures = []) => ({ version: pictures.length, count: 2, status, pictures });

test("pictures are asked for until all are there, under addresses with their version", async (context) => {
    const first = [1, "b", 0, "0123456789ab", ""],
        silent = [0, "a", 2, "", "dead."];
    const { asked, pass } = page(context, news("making", [first]), { ...news("complete", [silent]), version: 2 });
    const pictures = new Pictures(
        () => 1,
        () => {},
    );
    pictures.turn("/door/", true);
    await pass(0);
    assert.deepEqual(pictures.known.get("b"), { channel: 0, source: "/door/1/0123456789ab.jpg", words: "" });
    await pass(2000);
    assert.deepEqual(pictures.known.get("a"), { channel: 2, source: "", words: "dead." });
    await pass(60_000);
    assert.deepEqual(asked, ["/door/state?since=0&near=1&make=1", "/door/state?since=1&near=1&make=1"]);
    pictures.close();
});

test("where they are not made unasked, they are offered, and made when they are asked for", async (context) => {
    const { asked, pass } = page(context, news("off"), news("making"));
    const pictures = new Pictures(
        () => 0,
        () => {},
    );
    pictures.turn("/door/", false);
    await pass(0);
    assert.ok(pictures.offered);
    await pass(60_000);
    assert.equal(asked.length, 1, "nobody goes on asking");
    pictures.make();
    assert.ok(!pictures.offered);
    await pass(0);
    assert.match(asked[1], /make=1/);
    await pass(2000); // a server that knows nobody
    await pass(60_000);
    assert.equal(asked.length, 3);
    pictures.close();
});

test("a block stays open while its inside is read, and closes when the target goes elsewhere", async (context) => {
    const inside = { layers: [layer("a.conv")], sentences: [] },
        data = (reads, door = "/door/") => ({ layers: [layer("a")], sentences: [], door, size: [8, 16], reads });
    const { asked } = page(context, inside),
        zoom = new Zoom();
    assert.ok(await zoom.open("a", data(["a"])));
    assert.ok(!(await zoom.open("b", data(["a"]))), "nothing is known inside");
    assert.deepEqual(asked, ["/door/inside?block=a&size=8x16", "/door/inside?block=b&size=8x16"]);
    assert.equal(zoom.shown(data(["a"])), inside);
    assert.ok(zoom.follow(data(["a"]), data(["a.conv"])));
    assert.equal(zoom.block, "a");
    assert.ok(!zoom.follow(data(["a.conv"]), data(["a.conv"])));
    zoom.follow(data(["a.conv"]), data(["b"]));
    assert.equal(zoom.block, "");
    await zoom.open("a", data(["a"]));
    assert.equal(asked.length, 2, "asked once");
    zoom.follow(data(["a"]), data(["a"], "/another/"));
    assert.equal(zoom.block, "");
});
