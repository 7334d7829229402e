// The smallest region that changes the network's answer: searched by the server, shown as it shrinks.

/** @import { FlipNews } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { percent } from "../parts/numbers.js";
import { Search } from "./search.js";

/**
 * @typedef {object} Found
 * @property {() => string} fill what regions are filled with
 * @property {(mask: string) => void} show a region on its way
 * @property {() => void} settle the search has ended
 */

export class Flip {
    /**
     * @param {string} door
     * @param {boolean} searched whether the server has searched already
     * @param {Found} found
     */
    constructor(door, searched, found) {
        this.found = found;
        this.recalled = searched; // what was drawn after that search stays
        this.search = new Search(`${door}/flip`, {
            receive: (news) => this.#receive(/** @type {FlipNews} */ (news)),
            changed: (problem) => this.#turn(problem),
        });
        this.button = element("button", { type: "button", className: "av-button ax-plain", "data-testid": "flip" });
        this.button.addEventListener("click", () => this.#press());
        this.words = element("span", { className: "ax-note", role: "status", "data-testid": "flip-words" });
        this.node = element("div", { className: "ax-flip" }, this.button, this.words);
        this.#label();
        if (searched) this.search.recall();
    }

    #press() {
        if (this.search.going) this.search.stop();
        else {
            this.recalled = false;
            this.search.start({ fill: this.found.fill() });
        }
    }

    #label() {
        show(this.button, this.search.going ? "Stop the search" : "Find the smallest region that changes the answer");
    }

    /** @param {string} problem */
    #turn(problem) {
        this.#label();
        if (this.search.going) show(this.words, "searching");
        else this.found.settle();
        if (problem) show(this.words, problem);
    }

    /** @param {FlipNews} news */
    #receive(news) {
        if (news.mask && !this.recalled) this.found.show(news.mask);
        show(this.words, flipWords(news));
    }

    close() {
        this.search.close();
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
