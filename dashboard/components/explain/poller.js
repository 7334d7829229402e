// Asks for a map as it grows, some six times a second, one question at a time, while it is not finished and somebody
// looks at the page.

/** @import { MapNews } from "./message.js" */

import { decode } from "./message.js";

const OFTEN = 160,
    SELDOM = 1000,
    PATIENCE = 20_000; // ms; a forward pass may take seconds
const ENDED = ["finished", "failed", "cancelled"];

/**
 * @typedef {object} MapReader
 * @property {(news: MapNews) => void} receive
 * @property {(reachable: boolean) => void} connected
 * @property {() => void} unknown the server does not know the map
 */

export class Poller {
    since = "";
    status = "";
    closed = false;
    asking = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    timer = undefined;

    /**
     * @param {string} address of the map
     * @param {() => boolean} visible whether somebody looks
     * @param {MapReader} reader
     */
    constructor(address, visible, reader) {
        this.address = address;
        this.visible = visible;
        this.reader = reader;
    }

    /** Asks now, if there is anything to be asked; goes on by itself. */
    async ask() {
        clearTimeout(this.timer);
        if (this.closed || this.asking || ENDED.includes(this.status) || !this.visible()) return;
        this.asking = true;
        const wait = await this.#turn();
        this.asking = false;
        if (!this.closed) this.timer = setTimeout(() => this.ask(), wait);
    }

    async #turn() {
        try {
            const query = this.since && `?since=${this.since}`;
            const answer = await fetch(this.address + query, { signal: AbortSignal.timeout(PATIENCE) });
            if (this.closed) return 0;
            if (answer.status === 404) {
                this.close();
                this.reader.unknown();
                return 0;
            }
            if (!answer.ok) throw new Error(`status ${answer.status}`);
            this.reader.connected(true);
            if (answer.status !== 204) this.#receive(decode(await answer.arrayBuffer()));
            return this.status === "paused" ? SELDOM : OFTEN;
        } catch (problem) {
            console.info("explain:", problem);
            if (!this.closed) this.reader.connected(false);
            return SELDOM;
        }
    }

    /** @param {MapNews} news */
    #receive(news) {
        if (this.closed) return;
        this.status = news.header.status;
        this.since = `${news.header.step}.${news.header.status}`;
        this.reader.receive(news);
    }

    close() {
        this.closed = true;
        clearTimeout(this.timer);
    }
}
