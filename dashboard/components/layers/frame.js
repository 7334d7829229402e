// A frame or a photo on its way to the server, where it becomes the visitor's image.

import { UNREACHABLE } from "./camera_words.js";

const PATIENCE = 60_000; // ms

/**
 * What went wrong; "": nothing did.
 * @param {string} door
 * @param {Blob} frame JPEG
 */
export async function hand(door, frame) {
    try {
        const signal = AbortSignal.timeout(PATIENCE),
            answer = await fetch(`${door}/frame`, { method: "POST", body: frame, signal });
        return answer.ok ? "" : (await answer.json()).error || UNREACHABLE;
    } catch (problem) {
        console.info("layers:", problem);
        return UNREACHABLE;
    }
}
