// Messages with maps as tests need them.

const HEADER = {
    step: 1,
    status: "running",
    error: "",
    fraction: 0.5,
    passes: 4,
    words: "",
    top: 1,
    beyond: false,
    signed: false,
};

export function message(changes, values) {
    const header = new TextEncoder().encode(JSON.stringify({ ...HEADER, ...changes })),
        bytes = new Uint8Array(4 + header.length + values.length);
    new DataView(bytes.buffer).setUint32(0, header.length, true);
    bytes.set(header, 4);
    bytes.set(Int8Array.from(values), 4 + header.length);
    return bytes.buffer;
}
