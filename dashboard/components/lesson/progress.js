// Asks how far the learner's own runs are, twice a second while somebody looks at the page.

/** @import { LessonNews } from "../messages.js" */

const OFTEN = 500,
    SELDOM = 3000,
    PATIENCE = 10_000; // ms

/**
 * @typedef {object} Listener
 * @property {(news: LessonNews) => void} receive
 * @property {(there: boolean) => void} connected
 * @property {() => void} unknown the server does not know the lesson any more
 */

export class Progress {
    door = "";
    turn = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    timer = undefined;

    /** @param {Listener} listener */
    constructor(listener) {
        this.listener = listener;
        this.seen = () => document.hidden || this.ask();
        document.addEventListener("visibilitychange", this.seen);
    }

    /** @param {string} door "": there is nothing to ask */
    at(door) {
        this.door = door;
        this.ask();
    }

    async ask() {
        clearTimeout(this.timer);
        const turn = ++this.turn;
        if (!this.door || document.hidden) return;
        const wait = await this.#asked(() => this.turn !== turn);
        if (this.turn === turn) this.timer = setTimeout(() => this.ask(), wait);
    }

    /** @param {() => boolean} late */
    async #asked(late) {
        try {
            const answer = await fetch(this.door, { signal: AbortSignal.timeout(PATIENCE) });
            if (late()) return 0;
            if (answer.status === 404) {
                this.listener.unknown();
                return SELDOM;
            }
            const news = await answer.json();
            if (late()) return 0;
            this.listener.connected(true);
            this.listener.receive(news);
            return OFTEN;
        } catch {
            if (!late()) this.listener.connected(false);
            return SELDOM;
        }
    }

    close() {
        clearTimeout(this.timer);
        this.turn++;
        this.door = "";
        document.removeEventListener("visibilitychange", this.seen);
    }
}
