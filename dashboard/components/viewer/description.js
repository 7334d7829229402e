// What a picture is and where its run stands, for those who cannot see it.

/**
 * @import { Connection } from "../messages.js"
 * @import { Record } from "./record.js"
 * @import { Runs } from "./runs.js"
 * @import { Words } from "./words.js"
 */

import { filled } from "../parts/filled.js";
import { speaker } from "../parts/speaker.js";
import { standing } from "./status.js";
import { iterationOf } from "./transport.js";
import { digits } from "./words.js";

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
 * @param {Words} words
 * @param {Record} record
 * @param {number} image
 * @param {string} name under the picture
 * @param {number | null} scrubbed the iteration looked back at
 * @param {Connection} connection
 */
export function description(words, record, image, name, scrubbed, connection) {
    const { header, last } = record,
        at = Math.min(scrubbed ?? last, last),
        score = record.score(image, at),
        what = subject(words, record, image, name),
        word = standing(words, words[header.status], header.status, connection);
    if (!last) return filled(words.no_picture, { what, word });
    const sentence = `described${scrubbed === null ? "" : "_back"}${score === null ? "" : "_scored"}`,
        values = { what, n: at, of: header.iterations, word };
    return filled(words[sentence], score === null ? values : { ...values, score: digits(words, score) });
}

/**
 * @param {Words} words
 * @param {Record} record
 * @param {number} image
 * @param {string} name
 */
function subject(words, { about, captions, images }, image, name) {
    if (captions.length > 1 && about !== name && !about.endsWith(`: ${name}`)) return `${about}: ${name}`;
    return images > captions.length ? `${about}, ${filled(words.picture_n, { n: image + 1 })}` : about;
}

/** What is said of the runs while they go on, and when they begin, pause and end. */
export class Speech {
    happened = "";

    /** @param {Words} words */
    constructor(words) {
        this.words = words;
    }

    /**
     * @param {Runs} runs
     * @param {number | null} scrubbed
     * @param {Connection} connection
     * @param {boolean} covered whether pictures and numbers wait to be shown
     */
    update(runs, scrubbed, connection, covered) {
        const { words } = this,
            said = spoken(words, runs, scrubbed, connection, covered),
            { header } = runs,
            happened = header ? `${runs.keys.join()} ${standing(words, header.word, header.status, connection)}` : "";
        if (!header) speaker.leave(this);
        else if (happened !== this.happened) speaker.event(said, this);
        else speaker.state(said, this);
        this.happened = happened;
    }

    close() {
        speaker.leave(this);
    }
}

/**
 * Where the runs stand together, in a sentence.
 * @param {Words} words
 * @param {Runs} runs
 * @param {number | null} scrubbed
 * @param {Connection} connection
 * @param {boolean} covered
 */
export function spoken(words, { header, all, size }, scrubbed, connection, covered) {
    if (!header) return "";
    const one = standing(words, header.word, header.status, connection),
        word = size > 1 ? filled(words.runs, { n: size, word: one }) : one,
        [record] = all;
    if (scrubbed !== null && !covered) return filled(words.looking_back, { n: scrubbed, word });
    const at = iterationOf(words, header),
        score = size > 1 || covered ? null : record.score(0),
        scored = score === null ? "" : filled(words.spoken_score, { score: digits(words, score) });
    return `${[word, at, scored].filter(Boolean).join(", ")}.`;
}
