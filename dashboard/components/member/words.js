// Sentences for members. The teacher types none: each says what was pushed.

/** @import { ClassState } from "../messages.js" */

const PUSHED = {
    step: "Your teacher has opened this step for everybody.",
    quiz: "Your teacher has opened the quiz for everybody.",
    recipe: "Your teacher has started this picture for everybody.",
    look: "Please look at your teacher's screen.",
};

/** @type {{ [place: string]: string }} where the teacher points, by their names (server/wall.py) */
const PLACES = {
    picture: "the picture",
    curves: "the curves",
    controls: "the controls",
    layers: "the chart of layers",
    task: "the question",
};

export const REFUSALS = {
    unknown: "This class is not known: its code may have changed. Type the one that your teacher shows.",
    full: "This class is full. Ask your teacher.",
};

export const OVER = "The class is over. Your name and your answers are forgotten.";

/**
 * @param {ClassState} state
 * @param {boolean} found whether the page has the place that is pointed at
 */
export function pushedWords({ pushed }, found = true) {
    const place = PLACES[pushed?.at ?? ""];
    if (place) return `Please look at ${place} on your screen.${found ? "" : " What you see now has none."}`;
    return pushed ? PUSHED[pushed.kind] : "";
}

/** @param {ClassState} state */
export function pausedWords({ paused }) {
    return paused ? "Your teacher has paused everybody's pictures." : "";
}

/**
 * @param {ClassState} state
 * @param {boolean} there whether the picture has come
 */
export function shownWords({ shown }, there) {
    if (!shown) return "";
    const told = shown.name ? `the picture of ${shown.name}` : "somebody's picture";
    return `Your teacher shows ${told}.${there ? "" : " It is still to come."}`;
}

/**
 * @param {string} name
 * @param {boolean} connected
 */
export function nameWords(name, connected) {
    return connected ? name : `${name}, reconnecting …`;
}
