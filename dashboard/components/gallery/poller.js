// Asks the server what is new, twice a second. The asking is also what keeps the work going: it ends with the page.

/** @import { Connection, GalleryState } from "../messages.js" */

const OFTEN = 500,
    SELDOM = 3000,
    PATIENCE = 5000; // ms; a network that is gone answers nothing
const MOST = 128; // channels on screen that are told

/**
 * @typedef {object} Reader
 * @property {() => number[]} onScreen channels
 * @property {(state: GalleryState) => void} receive
 * @property {(connection: Connection) => void} changed
 * @property {() => void} unknown the server no longer knows the gallery
 */

export class Poller {
    version = 0;
    closed = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    timer = undefined;
    /** the question under way: answers to earlier ones come too late */
    turn = 0;

    /**
     * @param {string} door
     * @param {boolean} paused
     * @param {Reader} reader
     */
    constructor(door, paused, reader) {
        this.door = door;
        this.paused = paused;
        this.reader = reader;
        this.ask();
    }

    /** @param {boolean} paused */
    pause(paused) {
        this.paused = paused;
        clearTimeout(this.timer);
        return this.ask();
    }

    async ask() {
        const turn = ++this.turn;
        const late = () => this.closed || this.turn !== turn;
        let wait = OFTEN;
        try {
            const answer = await fetch(this.question, { signal: AbortSignal.timeout(PATIENCE) });
            if (late()) return;
            if (answer.status === 404) return this.reader.unknown();
            /** @type {GalleryState} */
            const state = await answer.json();
            if (late()) return;
            this.version = state.version;
            this.reader.changed("connected");
            this.reader.receive(state);
            if (state.status === "complete" || state.status === "failed") wait = SELDOM;
        } catch {
            if (late()) return;
            this.reader.changed("reconnecting");
            wait = SELDOM;
        }
        this.timer = setTimeout(() => this.ask(), wait);
    }

    get question() {
        const seen = this.paused ? "paused=1" : `on_screen=${this.reader.onScreen().slice(0, MOST).join()}`;
        return `${this.door}/state?since=${this.version}&${seen}`;
    }

    close() {
        this.closed = true;
        clearTimeout(this.timer);
    }
}
