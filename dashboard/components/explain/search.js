// Work of the server that one starts, watches and may stop, at an address of its own.

/** @import { Status } from "../messages.js" */

import { Poller } from "../parts/poller.js";

const ENDED = ["finished", "failed", "cancelled"];

/** @typedef {{ step: number, status: Status, error: string }} SearchNews */

/**
 * @typedef {object} Watcher
 * @property {(news: SearchNews) => void} receive
 * @property {(problem: string) => void} changed it goes on, or has ended
 */

export class Search {
    /** @type {Poller<{ header: SearchNews }> | null} */
    poller = null;

    /**
     * @param {string} address
     * @param {Watcher} watcher
     */
    constructor(address, watcher) {
        this.address = address;
        this.watcher = watcher;
    }

    get going() {
        return this.poller !== null;
    }

    /** @param {object} question */
    async start(question) {
        const poller = this.#watch();
        const problem = await this.#post("", question);
        if (problem) this.#end(problem);
        else poller.ask();
    }

    /** What the server has of it since before the page was loaded. */
    recall() {
        this.#watch().ask();
    }

    #watch() {
        const poller = new Poller(this.address, () => document.visibilityState === "visible", {
            decode: async (answer) => ({ header: /** @type {SearchNews} */ (await answer.json()) }),
            receive: ({ header }) => this.#receive(header),
            connected: () => {},
            unknown: () => this.#end("The server no longer knows it: start it again."),
        });
        this.poller = poller;
        this.watcher.changed("");
        return poller;
    }

    stop() {
        return this.#post("/stop", {});
    }

    /**
     * @param {string} what
     * @param {object} body
     * @returns {Promise<string>} what went wrong
     */
    async #post(what, body) {
        const headers = { "Content-Type": "application/json" };
        try {
            const answer = await fetch(this.address + what, { method: "POST", headers, body: JSON.stringify(body) });
            return answer.ok ? "" : (await answer.json()).error;
        } catch {
            return "The server did not answer.";
        }
    }

    /** @param {SearchNews} news */
    #receive(news) {
        this.watcher.receive(news);
        if (ENDED.includes(news.status)) this.#end(news.error);
    }

    /** @param {string} problem */
    #end(problem) {
        this.poller?.close();
        this.poller = null;
        this.watcher.changed(problem);
    }

    /** Whoever leaves it, stops it. */
    close() {
        if (this.poller) this.stop();
        this.poller?.close();
        this.poller = null;
    }
}
