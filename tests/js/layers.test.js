import assert from "node:assert/strict";
import { test } from "node:test";

import { agoWords, cameraWords, isGone, paceWords } from "../../dashboard/components/layers/camera_words.js";
import { cornerOf, gridOf, hit, seen } from "../../dashboard/components/layers/grid.js";
import { History } from "../../dashboard/components/layers/history.js";
import { Order } from "../../dashboard/components/layers/order.js";
import { Pace } from "../../dashboard/components/layers/pace.js";
import { acrossOf, packed, paint } from "../../dashboard/components/layers/paint.js";
import { cellAt, evenly, placed, rimmed } from "../../dashboard/components/layers/placement.js";
import { decode, valueOf } from "../../dashboard/components/layers/sheet.js";
import { sorted } from "../../dashboard/components/layers/sorting.js";
import { cellWords, channelWords, fieldWords, sizeWords } from "../../dashboard/components/layers/words.js";
import { place } from "../../dashboard/components/parts/colours.js";
import { message, sheet } from "./sheets.js";

const GREYS = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));

test("a message is its header, two numbers a channel and as many values as its maps have cells", () => {
    const made = decode(message({ tops: [12.7, 2], peaks: [12.7, -1], values: [127, -64, 0, -127], layer: "größer" }));
    assert.deepEqual([made.header.layer, [...made.values]], ["größer", [127, -64, 0, -127]]);
    assert.deepEqual([made.tops[1], made.peaks[1]], [2, -1]);
    assert.ok(Math.abs(valueOf(made, { channel: 0, row: 0, column: 1 }) + 6.4) < 1e-6);
    assert.equal(valueOf(made, { channel: 1, row: 0, column: 1 }), -2);
    assert.throws(() => decode(message({ tops: [1], values: [1, 2, 3] })), /another size/);
});

test("the largest first, of equal ones the lower channel, or as they are counted", () => {
    assert.deepEqual(sorted("strength", Float32Array.of(1, 3, -2, 3)), [1, 3, 0, 2]);
    assert.deepEqual(sorted("number", Float32Array.of(1, 3, -2, 3)), [0, 1, 2, 3]);
});

const second = (time, values, tops = [1.27, 1.27]) => ({
    time: 1000 * time,
    frame: new Blob(["12345"]),
    sheet: sheet({ tops, values }),
});

test("change is the standard deviation over time, root mean square over a map's cells", () => {
    const history = new History();
    history.add(second(0, [0, 0, 100, 100]));
    assert.deepEqual([...history.changes.of(2)], [0, 0]);
    history.add(second(1, [100, 0, 100, 100], [1.27, 1.2701]));
    const [moving, still] = history.changes.of(2);
    assert.ok(Math.abs(moving - Math.sqrt(0.25 / 2)) < 1e-6 && still > 1e-6, `${moving}, ${still}`);
    const [seen, unseen] = history.changed(history.moments[1].sheet);
    assert.deepEqual([seen, unseen], [moving, 0], "what eight bits cannot tell is no change");
});

test("what is older than ten seconds is forgotten, and changes nothing any more", () => {
    const history = new History();
    history.add(second(0, [127, 127, 0, 0], [9, 1.27]));
    history.add(second(5, [0, 0, 0, 0]));
    assert.deepEqual([...history.tops(history.moments[1].sheet)].map(Math.fround), [9, 1.27].map(Math.fround));
    history.add(second(11, [0, 0, 0, 0]));
    assert.deepEqual([history.moments.length, ...history.changes.of(2)], [2, 0, 0]);
    assert.ok(history.tops(history.moments[1].sheet)[0] < 2);
});

test("of another layer what was seen stays, to be asked about again", () => {
    const history = new History(),
        moment = second(0, [100, 0, 0, 0]);
    history.add(moment);
    history.turn();
    assert.deepEqual([history.moments.length, moment.sheet, history.changes.count], [1, null, 0]);
    history.fill(moment, sheet({ tops: [1], values: [1, 2, 3], columns: 3 }));
    assert.deepEqual([history.changes.count, history.changes.sums.length], [1, 3]);
});

test("while the camera runs the order changes once a second only, and never under the pointer", () => {
    const order = new Order(),
        history = new History(),
        update = (peaks, now, held = false, moving = true) => {
            const made = sheet({ tops: [9, 9], peaks, values: [0, 0, 0, 0] });
            order.update("strength", made, history, { moving, held, now });
            return order.list.join();
        };
    assert.equal(update([1, 2], 0), "1,0");
    assert.equal(update([2, 1], 900), "1,0");
    assert.equal(order.numbers[0], 2);
    assert.equal(update([2, 1], 1100, true), "1,0");
    assert.equal(update([2, 1], 1100), "0,1");
    assert.equal(update([1, 2], 1200, true, false), "1,0"); // another image of the visitor's
    assert.deepEqual([order.after(1, 1), order.after(0, 1)], [0, undefined]);
});

test("maps are as large as all have room for, or of a usual size and scrolled", () => {
    const few = gridOf({ width: 600, height: 400 }, 6, 1),
        many = gridOf({ width: 600, height: 400 }, 1280, 1);
    assert.deepEqual([few.across, few.width, few.height, few.total], [4, 145, 145, 336]);
    assert.deepEqual([many.across, many.width, many.line, many.total], [8, 69, 92, 160 * 92]);
    assert.equal(gridOf({ width: 20, height: 400 }, 1280, 2).across, 1);
    const wide = gridOf({ width: 600, height: 4000 }, 1, 2);
    assert.deepEqual([wide.width, wide.height], [224, 112]);
});

test("which map lies where, and which can be seen", () => {
    const grid = gridOf({ width: 600, height: 400 }, 1280, 1);
    assert.deepEqual(cornerOf(grid, 9), [75, 92]);
    assert.deepEqual(hit(grid, 75, 92), { place: 9, x: 0, y: 0 });
    assert.equal(hit(grid, 75 + 69 / 2, 92 + 80).y, 1); // its number belongs to it
    assert.equal(hit(grid, 72, 5), null); // between two
    assert.equal(hit(gridOf({ width: 600, height: 400 }, 5, 1), 500, 300), null); // behind the last
    assert.deepEqual(seen(grid, 0, 400), [0, 40]);
    assert.deepEqual(seen(grid, 92 * 158 + 1, 400), [158 * 8, 1280]);
});

test("a bitmap has each value's colour, of its channel's scale", () => {
    const made = sheet({ tops: [1, 0.5, 0], values: [127, -127, 127, 0, 0, 0] }),
        across = acrossOf(made.header),
        pixels = new Uint32Array(across * 2 * Math.ceil(3 / across)),
        red = () => [...pixels].map((pixel) => pixel & 255);
    assert.equal(across, 1);
    paint(made, made.tops, packed(GREYS), pixels);
    assert.deepEqual(
        red(),
        [127, -127, 127, 0, 0, 0].map((value) => place(value, true)),
    );
    paint(made, [1, 1, 1], packed(GREYS), pixels);
    assert.deepEqual(red(), [255, 0, 191, 128, 128, 128]);
    assert.equal(pixels[0] >>> 24, 255);
});

test("cells lie in the middle of what they see", () => {
    const header = { rows: 2, columns: 4, reduced: 1, height: 20, width: 40 },
        known = placed(header, [3, 3], [13, 33]);
    assert.deepEqual(known.rows, { first: 3 / 20, step: 10 / 20, count: 2 });
    assert.deepEqual(known.columns, { first: 3 / 40, step: 10 / 40, count: 4 });
    assert.deepEqual(cellAt(known, { x: 17.5 / 40, y: 1 }), { row: 1, column: 1 });
    assert.deepEqual(cellAt(evenly(header), { x: 19.5 / 40, y: 0 }), { row: 0, column: 1 });
    const halved = placed({ ...header, reduced: 2 }, [3, 3], [23, 63]);
    assert.deepEqual(halved.rows, { first: (3 + 5) / 20, step: 1, count: 2 });
    assert.deepEqual(placed({ ...header, rows: 1 }, [10, 10], [10, 40]).rows.first, 0.5);
});

test("beyond its outer cells a map goes on as it ends", () => {
    const rim = rimmed(Int8Array.of(1, 2, 3, 4), evenly({ rows: 2, columns: 2 }));
    assert.deepEqual([...rim.values], [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
    assert.deepEqual([rim.top, rim.height, rim.rows], [-0.5, 2, 4]);
});

test("what is said of a layer, a channel, a place and what it sees", () => {
    const made = sheet({ tops: [2, 4], peaks: [2, -1], values: [127, 0, -127, 64] });
    assert.equal(sizeWords(made.header), "2 channels of 1 × 2");
    assert.equal(
        sizeWords({ ...made.header, channels: 1, reduced: 2 }).split(", ")[1],
        "each cell the strongest of 2 × 2",
    );
    assert.equal(cellWords(made, { channel: 1, row: 0, column: 1 }), "row 0, column 1: 2.02");
    const coarse = sheet({ tops: [24.8, 1], peaks: [24.8, 0], values: [127, 3, 0, 0] });
    assert.equal(cellWords(coarse, { channel: 0, row: 0, column: 1 }), "row 0, column 1: 0.6", "in steps of 0.195");
    const halved = { ...made, header: { ...made.header, reduced: 2 } };
    assert.equal(cellWords(halved, { channel: 1, row: 0, column: 0 }), "rows 0 to 1, columns 0 to 1: −4.00");
    const said = (by) => channelWords(made, 1, 0, { by, numbers: [0.1, 0.25] });
    assert.equal(said("strength"), "channel 1, largest value −1.00, 1st of 2");
    assert.equal(said("change"), "channel 1, largest value −1.00, changed by 0.250, 1st of 2");
    const faint = sheet({ tops: [12, 5e-11], values: [127, 127, 127, 127] });
    assert.equal(
        channelWords(faint, 1, 1, { by: "change", numbers: [1, 0] }),
        "channel 1, largest value 0, unchanged, 2nd of 2",
    );
    assert.equal(cellWords(faint, { channel: 1, row: 0, column: 0 }), "row 0, column 0: 0");
    assert.equal(said("number"), "channel 1, largest value −1.00");
    assert.equal(
        fieldWords({ theoretical: [0, 0, 99, 99], effective: [30, 30, 31.4, 33] }),
        "sees 31 × 33 px (effective), 99 × 99 px (theoretical)",
    );
});

test("each problem of the camera has a sentence that says what to do", () => {
    const problem = (name) => new DOMException("no", name);
    const names = ["NotFoundError", "NotAllowedError", "SecurityError", "NotReadableError", "OverconstrainedError"],
        said = [...names, "SomethingElse"].map((name) => cameraWords(problem(name)));
    assert.equal(new Set(said).size, said.length);
    for (const sentence of said) assert.match(sentence, /take a photo|start it again|Allow it/);
    assert.deepEqual(["OverconstrainedError", "NotAllowedError"].map(problem).map(isGone), [true, false]);
});

test("frames a second and their delay are those of the last two seconds", () => {
    const pace = new Pace();
    assert.equal(paceWords(pace.rate, pace.delay), "");
    for (let time = 0; time <= 4000; time += 100) pace.add(time, time - (time < 2000 ? 500 : 80));
    assert.equal(paceWords(pace.rate, pace.delay), "10 frames/s, 80 ms delay");
    assert.deepEqual([agoWords(0), agoWords(2440)], ["newest frame", "2.4 s back"]);
});
