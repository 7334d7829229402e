import assert from "node:assert/strict";
import { test } from "node:test";

import { unpack } from "../../dashboard/components/viewer/message.js";

// As feed.py packs it: uint32 length, big-endian | header, JSON | pictures.
function pack(header, pictures) {
    const text = new TextEncoder().encode(JSON.stringify({ ...header, sizes: pictures.map(({ length }) => length) }));
    const bytes = new Uint8Array(4 + text.length + pictures.flat().length);
    new DataView(bytes.buffer).setUint32(0, text.length);
    bytes.set(text, 4);
    bytes.set(pictures.flat(), 4 + text.length);
    return bytes.buffer;
}

test("a message with two pictures", async () => {
    const { header, pictures } = unpack(pack({ run: "äöü", seq: 7 }, [[1, 2, 3], [4]]));
    assert.deepEqual(header, { run: "äöü", seq: 7, sizes: [3, 1] });
    assert.deepEqual(
        pictures.map(({ type }) => type),
        ["image/jpeg", "image/jpeg"],
    );
    const bytes = await Promise.all(pictures.map(async (picture) => [...new Uint8Array(await picture.arrayBuffer())]));
    assert.deepEqual(bytes, [[1, 2, 3], [4]]);
});

test("a message without pictures", () => {
    assert.deepEqual(unpack(pack({ run: "a", seq: 1 }, [])).pictures, []);
});

test("what is cut off is refused", () => {
    assert.throws(() => unpack(pack({ run: "a" }, [[1, 2, 3]]).slice(0, -1)), RangeError);
});
