// What is wrong with the runs that are shown, in a sentence, and the way on.

/**
 * @import { Connection, Diagnosis, ViewerEvent } from "../messages.js"
 * @import { Mode } from "./mode.js"
 * @import { Record } from "./record.js"
 * @import { Words } from "./words.js"
 */

import { filled } from "../parts/filled.js";
import { written } from "../parts/numbers.js";

/** @typedef {{ text: string, label?: string, event?: ViewerEvent }} Message without label and event: no way on */

/** @typedef {"" | "restarted" | "away"} Heir whether and why this page is another visitor's by now; "": nobody knows */

const WHY = /** @type {const} */ ({ restarted: "lost_restarted", away: "lost_away", "": "lost" });

/**
 * @param {Record[]} records
 * @param {Connection} connection
 * @param {object} page
 * @param {Words} page.words
 * @param {Mode} page.mode
 * @param {Heir} page.heir
 * @param {number} page.across of a sweep, which only starts again as what `again` says
 * @param {string} page.again
 * @param {boolean} page.quiet
 * @returns {Message | null} null: nothing is wrong
 */
export function problemOf(records, connection, { words, mode, heir, across, again, quiet }) {
    if (!records.length) return null;
    if (connection === "ended") {
        const startable = heir && (!across || again);
        /** @type {ViewerEvent} */
        const event = { kind: "again", run: "", of: again };
        return {
            text: lost(words, records.length > 1, heir),
            ...(startable ? { label: words.start_again, event } : {}),
        };
    }
    if (connection === "unreachable") return { text: words.unreachable };
    const failing = records.find(({ header }) => header.error || (header.diagnosis && !quiet));
    return failing ? troubleOf(words, failing, records.length > 1, mode) : null;
}

/**
 * @param {Words} words
 * @param {Record} record
 * @param {boolean} several
 * @param {Mode} mode
 * @returns {Message}
 */
function troubleOf(words, { key, title, header: { diagnosis, error } }, several, mode) {
    const text = `${several ? `${title}: ` : ""}${diagnosis ? diagnosed(words, diagnosis) : error}`,
        remedy = mode.remedies && diagnosis?.remedy;
    if (!remedy) return { text };
    return { text, label: diagnosis.label || remedy, event: { kind: "remedy", run: key, remedy } };
}

/**
 * What is wrong with a picture, in the language of these words: what these do not know stays as it is.
 * @param {Words} words
 * @param {Pick<Diagnosis, "sentence" | "values" | "picture">} diagnosis
 */
export function diagnosed(words, { sentence, values, picture }) {
    const named = (/** @type {string} */ name) => words[name] ?? name;
    /** @type {(value: string | number | string[]) => string} */
    const said = (value) => {
        if (typeof value === "number") return written(String(Number(value.toPrecision(6))), words.decimal);
        return [value].flat().map(named).join(` ${words.and} `);
    };
    const told = Object.entries(values).map(([name, value]) => [name, said(value)]),
        text = filled(named(sentence), Object.fromEntries(told));
    return picture ? filled(words.picture_told, { n: picture, text }) : text;
}

/**
 * @param {Words} words
 * @param {boolean} several
 * @param {Heir} heir
 */
const lost = (words, several, heir) => words[WHY[heir]] + (several ? words.lost_runs : words.lost_run);
