// What a picture is and where its run stands, for those who cannot see it.

/**
 * @import { Connection } from "../messages.js"
 * @import { Record } from "./record.js"
 */

import { standing, wordOf } from "./status.js";

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
