// What is said where the camera gives no pictures: what is wrong, and what to do.

const INSTEAD = "or take a photo instead";

export const NO_HTTPS =
    `Browsers give a page the camera only over https, or on the computer that serves it (localhost). ` +
    `Open this page by https, ${INSTEAD}.`;
export const UNPLUGGED = "The camera was unplugged or switched off. Plug it in, then start it again.";
export const STALLED =
    "The camera gives no pictures any more. Another tab or program may have taken it: close that, then start it again.";
export const HIDDEN = "The camera was switched off while the page was hidden. Start it again when you like.";
export const UNREACHABLE = "The server does not answer. Connecting again…";
export const PEAK = "peak of 10 s"; // what colours end at while the camera is on
export const UNKNOWN = "The server no longer knows this page. Reload it.";

/** @type {{ [name: string]: string }} by the name of the browser's error */
const PROBLEMS = {
    NotFoundError: `No camera was found. Plug one in, ${INSTEAD}.`,
    NotAllowedError: `This page may not use the camera. Allow it beside the address, then start it again, ${INSTEAD}.`,
    SecurityError: `The browser's settings keep the camera from all pages. Allow it there, ${INSTEAD}.`,
    NotReadableError: "Another tab or program has taken the camera. Close that, then start it again.",
    AbortError: "The camera could not be started. Another program may have taken it: close that, then start it again.",
    OverconstrainedError: `This camera gives no pictures of a size that can be used. Choose another one, ${INSTEAD}.`,
};

/**
 * Whether the chosen camera is gone while another one may be there.
 * @param {unknown} problem
 */
export function isGone(problem) {
    return ["OverconstrainedError", "NotFoundError"].includes(nameOf(problem));
}

/** @param {unknown} problem of getUserMedia */
export function cameraWords(problem) {
    return PROBLEMS[nameOf(problem)] ?? `The camera could not be started. Start it again, ${INSTEAD}.`;
}

/** @param {unknown} problem */
const nameOf = (problem) => (problem instanceof Error || problem instanceof DOMException ? problem.name : "");

/**
 * @param {number} rate frames a second
 * @param {number} delay ms from the camera's picture to the sheet
 */
export function paceWords(rate, delay) {
    return rate > 0 ? `${rate.toFixed(rate < 9.95 ? 1 : 0)} frames/s, ${Math.round(delay)} ms delay` : "";
}

/**
 * How far one has looked back.
 * @param {number} ms
 */
export const agoWords = (ms) => (ms < 50 ? "newest frame" : `${(ms / 1000).toFixed(1)} s back`);
