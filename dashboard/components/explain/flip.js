// The smallest region that changes the network's answer: searched by the server, shown as it shrinks.

/** @import { FlipNews } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { Poller } from "./poller.js";
import { percent } from "./words.js";

const ENDED = ["finished", "failed", "cancelled"];

/**
 * @typedef {object} Found
 * @property {() => string} fill what regions are filled with
 * @property {(mask: string) => void} show a region on its way
 * @property {() => void} settle the search has ended
 */

export class Flip {
    /** @type {Poller<{ header: FlipNews }> | null} */
    poller = null;

    /**
     * @param {string} door
     * @param {Found} found
     */
    constructor(door, found) {
        this.address = `${door}/flip`;
        this.found = found;
        this.button = element("button", { type: "button", className: "av-button ax-plain", "data-testid": "flip" });
        this.button.addEventListener("click", () => (this.poller ? this.stop() : this.start()));
        this.words = element("span", { className: "ax-note", role: "status", "data-testid": "flip-words" });
        this.node = element("div", { className: "ax-flip" }, this.button, this.words);
        this.#label();
    }

    #label() {
        show(this.button, this.poller ? "Stop the search" : "Find the smallest region that changes the answer");
    }

    async start() {
        show(this.words, "searching");
        const poller = new Poller(this.address, () => document.visibilityState === "visible", {
            decode: async (answer) => ({ header: /** @type {FlipNews} */ (await answer.json()) }),
            receive: ({ header }) => this.#receive(header),
            connected: () => {},
            unknown: () => this.#end("The server no longer knows this search."),
        });
        this.poller = poller;
        this.#label();
        const problem = await this.#post("", { fill: this.found.fill() });
        if (problem) this.#end(problem);
        else poller.ask();
    }

    stop() {
        this.#post("/stop", {});
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

    /** @param {FlipNews} news */
    #receive(news) {
        if (news.mask) this.found.show(news.mask);
        show(this.words, flipWords(news));
        if (ENDED.includes(news.status)) this.#end(flipWords(news));
    }

    /** @param {string} words */
    #end(words) {
        this.close();
        show(this.words, words);
        this.found.settle();
    }

    /** Asks no more; what goes on is stopped by whoever closes it. */
    close() {
        this.poller?.close();
        this.poller = null;
        this.#label();
    }
}

/** @param {FlipNews} news */
export function flipWords({ status, error, share, class: answer, words }) {
    if (error) return error;
    const region = share > 0 ? `${percent(share)} of the picture` : "",
        said = answer ? `: then it is ${answer[1]} (${percent(answer[2])})` : "";
    const found = region && `${region}${said}`;
    if (status === "running" || status === "waiting") return found ? `searching, ${found}` : "searching";
    return [status === "cancelled" ? "stopped" : "", words || found].filter(Boolean).join(", ");
}
