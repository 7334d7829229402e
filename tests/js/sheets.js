// Sheets of layers as tests need them.

import { decode } from "../../dashboard/components/layers/sheet.js";

const HEADER = {
    layer: "blocks.1",
    rows: 1,
    columns: 2,
    reduced: 1,
    height: 20,
    width: 40,
    classes: [],
    names: [],
    frame: 1,
};

// tops and peaks: one number a channel; values: bytes, channel by channel.
export function message({ tops, peaks = tops, values, ...changes }) {
    const text = JSON.stringify({ ...HEADER, channels: tops.length, ...changes }),
        bytes = new TextEncoder().encode(text),
        header = new TextEncoder().encode(text + " ".repeat((4 - (bytes.length % 4)) % 4)),
        start = 4 + header.length,
        buffer = new ArrayBuffer(start + 8 * tops.length + values.length);
    new DataView(buffer).setUint32(0, header.length, true);
    new Uint8Array(buffer, 4).set(header);
    new Float32Array(buffer, start, 2 * tops.length).set([...tops, ...peaks]);
    new Int8Array(buffer, start + 8 * tops.length).set(values);
    return buffer;
}

export const sheet = (parts) => decode(message(parts));
