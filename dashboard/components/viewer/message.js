// uint32 length of the header | header, JSON | the pictures, JPEG (see feed.py)

/** @import { Header } from "../messages.js" */

/**
 * @param {ArrayBuffer} buffer
 * @returns {{ header: Header, pictures: Blob[] }}
 */
export function unpack(buffer) {
    const length = new DataView(buffer).getUint32(0);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    let at = 4 + length;
    const pictures = header.sizes.map((/** @type {number} */ size) => {
        const picture = new Blob([new Uint8Array(buffer, at, size)], { type: "image/jpeg" });
        at += size;
        return picture;
    });
    return { header, pictures };
}

/** @param {Blob[]} pictures */
export const decode = (pictures) => Promise.all(pictures.map((picture) => createImageBitmap(picture)));
