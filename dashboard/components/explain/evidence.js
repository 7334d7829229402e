// Whether a map can be believed: what tests of it say, as far as they have come.

/**
 * @import { EvidenceNews } from "../messages.js"
 * @import { Colours } from "../parts/colours.js"
 */

import { element, progress, show } from "../parts/element.js";
import { number } from "../parts/numbers.js";
import { strip } from "./cascade.js";
import { charts } from "./curves.js";
import { Search } from "./search.js";

export class Evidence {
    /**
     * @param {string} title
     * @param {string} address
     * @param {Colours} colours
     */
    constructor(title, address, colours) {
        this.colours = colours;
        this.search = new Search(address, {
            receive: (news) => this.#receive(/** @type {EvidenceNews} */ (news)),
            changed: (problem) => this.#turn(problem),
        });
        const named = { type: "button", className: "av-button ax-plain", "data-testid": "believe" };
        this.button = element("button", named, "Can it be believed?");
        this.button.addEventListener("click", () => (this.search.going ? this.search.stop() : this.search.start({})));
        this.progress = progress(`progress of the tests of ${title}`);
        this.progress.hidden = true;
        this.problem = element("span", { className: "ax-note", role: "status" });
        this.found = element("div", { className: "ax-found" });
        const parts = [this.button, this.progress, this.problem, this.found];
        this.node = element("div", { className: "ax-evidence", "data-testid": "evidence" }, ...parts);
    }

    /** @param {string} problem */
    #turn(problem) {
        const { going } = this.search;
        show(this.button, going ? "Stop the tests" : "Can it be believed?");
        this.progress.hidden = !going;
        show(this.problem, problem);
    }

    /** @param {EvidenceNews} news */
    #receive(news) {
        this.progress.value = news.fraction;
        this.found.replaceChildren(
            ...said(news.verdict),
            ...(news.cascade ? [strip(news.cascade, this.colours)] : []),
            ...(news.what ? [element("span", { className: "ax-note" }, `curves of the ${news.what}`)] : []),
            ...charts(news),
            ...agreements(news),
            ...(news.note ? [element("p", { className: "ax-hint" }, news.note)] : []),
        );
    }

    close() {
        this.search.close();
    }
}

/** @param {string[] | undefined} verdict */
function said(verdict) {
    if (!verdict?.length) return [];
    const sentences = verdict.map((sentence) => element("li", {}, sentence));
    return [element("ul", { className: "ax-verdict", "data-testid": "verdict" }, ...sentences)];
}

/** @param {EvidenceNews} news */
function agreements({ agreement }) {
    return (agreement ?? []).map(([between, value]) =>
        element("span", { className: "ax-note" }, `rank correlation, ${between}: ${number(value)}`),
    );
}
