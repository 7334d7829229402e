// Sentences for the teacher.

/** @import { WaitedFor, WallClass, WallTile } from "../messages.js" */

import { written } from "../parts/numbers.js";

export const TOO_MANY = "The wall is open in eight places already. Close one of them.";
export const PROMISE =
    "Ending the class forgets all names, steps, answers and settings. Else they are forgotten 12 hours after its " +
    "last sign of life.";

/** @type {[place: string, text: string][]} where the class is asked to look (state/pushed.py has the same names) */
export const PLACES = [
    ["", "at your screen"],
    ["picture", "at their picture"],
    ["curves", "at their curves"],
    ["controls", "at their controls"],
    ["layers", "at the chart of layers"],
    ["task", "at the question"],
];

export const SHOWN = "shown to all";

/** @type {Record<WallTile["covered"], string>} why a picture is covered on the wall */
const COVERED = { "": "", own: "has not predicted yet", others: "others still predict" };

/** @type {Record<WaitedFor, string>} */
const AWAITED = { network: "a network", device: "the device", file: "a file" };

export const ANSWERS = {
    answered: "{n} of {of} have answered",
    answer: "Answer {n}",
    range: "{low} to {high}",
    decimal: ".",
};

/** @param {number} seconds */
export const wait = (seconds) => `Too many wrong links came from here. Wait ${seconds} seconds, then reload.`;

/**
 * What stands below a picture: who, where, how the run is.
 * @param {WallTile} tile
 */
export function tileWords(tile) {
    const place = tile.place ? `${tile.place}${tile.done ? `, ${tile.done} done` : ""}` : "",
        score = tile.score === null ? "" : `, score ${written(String(tile.score))}`,
        begun = tile.status ? `iteration ${tile.iteration}${score}` : "";
    const run = COVERED[tile.covered] || begun,
        now = tile.wait ? `waits for ${AWAITED[tile.wait.what]}, ${tile.wait.seconds} s` : run;
    return [tile.name || "–", tile.connected ? place || now : "away", tile.connected && place ? now : ""];
}

/** @param {WallClass} state who waits for what, and for how long; "" where nobody does */
export const waiting = ({ waiting }) =>
    waiting
        .map(({ what, count, longest }) => {
            const long = count === 1 ? `${longest} s` : `the longest ${longest} s`;
            return `${count} ${count === 1 ? "waits" : "wait"} for ${AWAITED[what]}, ${long}`;
        })
        .join(" · ");

/** @param {WallClass} state */
export function standing(state) {
    const { members, hidden, pushed, runs } = state;
    const parts = [`${members} ${members === 1 ? "member" : "members"}`];
    if (hidden) parts.push(`${hidden} not on the wall`);
    parts.push(`${runs} ${runs === 1 ? "run" : "runs"} going on`);
    if (pushed && pushed.kind !== "look") parts.push(`${pushed.followed} of ${members} have what you pushed`);
    return parts.join(" · ");
}

/**
 * What a click on the quiz's button does: what was asked to be shown may have too few persons still.
 * @param {Pick<WallClass, "quiz_revealed" | "quiz">} state
 */
export function quizButton({ quiz_revealed: revealed, quiz }) {
    const shown = quiz.some(({ conditions }) => Object.keys(conditions).length),
        does = shown ? "Hide" : "Do not show";
    return `${revealed ? does : "Show"} the class's result`;
}

/**
 * Why some of those who have finished the quiz do not count, and what they can do.
 * @param {number} persons
 */
export function uncounted(persons) {
    if (!persons) return "";
    const [who, whose] =
        persons === 1 ? ["One person", "That person's page offers"] : [`${persons} persons`, "Their pages offer"];
    return (
        `${who} missed both pairs that repeat a picture from beside them, which tell whether somebody looked: ` +
        `these answers do not count. ${whose} the quiz again.`
    );
}

/** @param {string} code */
export const spaced = (code) => `${code.slice(0, 3)} ${code.slice(3)}`;
