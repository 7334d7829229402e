// What a picture is and where its run stands, for those who cannot see it.

/**
 * @import { Connection } from "../messages.js"
 * @import { Record } from "./record.js"
 * @import { Runs } from "./runs.js"
 */

import { speaker } from "../parts/speaker.js";
import { standing, wordOf } from "./status.js";
import { iterationOf } from "./transport.js";

const CALM = 3000; // ms between two descriptions in which nothing but numbers has changed

/** At once where a word changes, else seldom enough to be listened to. */
export class Descriptions {
    words = "";
    at = 0;

    /**
     * Whether it is time for others.
     * @param {string} words all that is said but for numbers
     * @param {number} now ms
     */
    due(words, now) {
        if (words === this.words && now - this.at < CALM) return false;
        Object.assign(this, { words, at: now });
        return true;
    }
}

/**
 * What is said of a run but for numbers.
 * @param {Record} record
 */
export const wordsOfRun = ({ key, title, header, last }) => key + title + header.status + !last;

/**
 * @param {Record} record
 * @param {number} image
 * @param {string} name under the picture
 * @param {number | null} scrubbed the iteration looked back at
 * @param {Connection} connection
 */
export function description(record, image, name, scrubbed, connection) {
    const { header, last } = record,
        at = Math.min(scrubbed ?? last, last),
        score = record.score(image, at),
        what = subject(record, image, name),
        word = standing(wordOf(header.status), header.status, connection);
    if (!last) return `${what}. No picture yet: ${word}.`;
    const where = scrubbed === null ? "Iteration" : "Looking back at iteration";
    const scored = score === null ? "" : `, score ${score.toPrecision(4)}`;
    return `${what}. ${where} ${at} of ${header.iterations}, ${word}${scored}.`;
}

/**
 * @param {Record} record
 * @param {number} image
 * @param {string} name
 */
function subject({ about, captions, images }, image, name) {
    if (captions.length > 1 && about !== name && !about.endsWith(`: ${name}`)) return `${about}: ${name}`;
    return images > captions.length ? `${about}, picture ${image + 1}` : about;
}

/** What is said of the runs while they go on, and when they begin, pause and end. */
export class Speech {
    happened = "";

    /**
     * @param {Runs} runs
     * @param {number | null} scrubbed
     * @param {Connection} connection
     * @param {boolean} covered whether pictures and numbers wait to be shown
     */
    update(runs, scrubbed, connection, covered) {
        const words = spoken(runs, scrubbed, connection, covered),
            { header } = runs,
            happened = header ? `${runs.keys.join()} ${standing(header.word, header.status, connection)}` : "";
        if (happened !== this.happened) speaker.event(words);
        else speaker.state(words);
        this.happened = happened;
    }

    close() {
        speaker.state("");
    }
}

/**
 * Where the runs stand together, in a sentence.
 * @param {Runs} runs
 * @param {number | null} scrubbed
 * @param {Connection} connection
 * @param {boolean} covered
 */
export function spoken({ header, all, size }, scrubbed, connection, covered) {
    if (!header) return "";
    const word = standing(header.word, header.status, connection),
        many = size > 1 ? `${size} runs: ` : "",
        [record] = all;
    if (scrubbed !== null && !covered) return `Looking back at iteration ${scrubbed}. ${many}${word}.`;
    const at = iterationOf(header),
        score = size > 1 || covered ? null : record.score(0),
        scored = score === null ? "" : `score ${score.toPrecision(4)}`;
    return `${[many + word, at, scored].filter(Boolean).join(", ")}.`;
}
