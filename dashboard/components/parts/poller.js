// Asks for something that grows, some six times a second, one question at a time, while it is not finished and somebody
// looks at the page.

/** @import { Status } from "../messages.js" */

const OFTEN = 160,
    SELDOM = 1000,
    PATIENCE = 20_000; // ms; a forward pass may take seconds
const ENDED = ["finished", "failed", "cancelled"];

/**
 * @template News
 * @typedef {object} Reader
 * @property {(answer: Response) => Promise<News>} decode
 * @property {(news: News) => void} receive
 * @property {(reachable: boolean) => void} connected
 * @property {() => void} unknown the server does not know it
 */

/** @template {{ header: { step: number, status: Status } }} News */
export class Poller {
    since = "";
    status = "";
    /** of several that grow together, the one that is asked for; "": there is only one */
    layer = "";
    closed = false;
    asking = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    timer = undefined;

    /**
     * @param {string} address
     * @param {() => boolean} visible whether somebody looks
     * @param {Reader<News>} reader
     */
    constructor(address, visible, reader) {
        this.address = address;
        this.visible = visible;
        this.reader = reader;
    }

    /**
     * Asks for another layer's from now on.
     * @param {string} layer
     */
    turn(layer) {
        this.layer = layer;
        this.since = this.status = "";
        this.ask();
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
        const { layer } = this,
            late = () => this.closed || this.layer !== layer;
        try {
            const answer = await fetch(this.question, { signal: AbortSignal.timeout(PATIENCE) });
            if (late()) return 0;
            if (answer.status === 404) {
                this.close();
                this.reader.unknown();
                return 0;
            }
            if (!answer.ok) throw new Error(`status ${answer.status}`);
            this.reader.connected(true);
            const news = answer.status === 204 ? null : await this.reader.decode(answer);
            if (late()) return 0;
            if (news) this.#receive(news);
            return this.status === "paused" ? SELDOM : OFTEN;
        } catch (problem) {
            console.info("explain:", problem);
            if (!this.closed) this.reader.connected(false);
            return SELDOM;
        }
    }

    get question() {
        const asked = new URLSearchParams();
        if (this.layer) asked.set("layer", this.layer);
        if (this.since) asked.set("since", this.since);
        if (!asked.size) return this.address;
        return this.address + (this.address.includes("?") ? "&" : "?") + asked;
    }

    /** @param {News} news */
    #receive(news) {
        const { step, status } = news.header;
        this.status = status;
        this.since = `${step}.${status}`;
        this.reader.receive(news);
    }

    close() {
        this.closed = true;
        clearTimeout(this.timer);
    }
}
