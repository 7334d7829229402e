// What is known of one channel: asked for until it is there, drawn when it comes.

/** @import { UnitAnswer, UnitEntry, UnitReady } from "../messages.js" */
/** @import { Words } from "./words.js" */

import { element, show } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { Synthesized } from "./synthesized.js";
import { Histogram } from "./histogram.js";
import { Patches } from "./patches.js";
import { Skipped } from "./skipped.js";
import { behindWords, indexingWords, offerWords, remarks } from "./words.js";

const OFTEN = 500,
    SELDOM = 2000; // ms
const KINDS = /** @type {const} */ (["best", "random", "spread"]);

export class Answers {
    closed = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    timer = undefined;

    /**
     * @param {Words} said
     * @param {UnitEntry} unit
     * @param {number} channel
     * @param {string} version of the visitor's image
     */
    constructor(said, { door, layer, title, synthesized, border }, channel, version) {
        this.said = said;
        this.door = door;
        this.border = border;
        this.question = new URLSearchParams({ layer, channel: String(channel) }).toString();
        this.version = version;
        this.synthesized = synthesized ? new Synthesized(said, `${door}/synthesized?${this.question}`, title) : null;
        this.words = element("p", { className: "au-note", role: "status", "data-testid": "unit-words" }, said.asking);
        this.bar = element("progress", { className: "au-progress", "aria-label": said.progress, max: 1, value: 0 });
        this.folder = element("div", { className: "au-folder", hidden: true });
        this.images = element("div", { className: "au-images" });
        const told = element("div", { className: "au-told" }, this.words, this.bar, this.images, this.folder);
        const pictured = this.synthesized ? [this.synthesized.node] : [];
        this.node = element("div", { className: "au-answers" }, ...pictured, told);
        this.ask();
    }

    async ask() {
        clearTimeout(this.timer);
        const wait = document.visibilityState === "visible" ? await this.#turn() : OFTEN;
        if (!this.closed && wait) this.timer = setTimeout(() => this.ask(), wait);
    }

    /** How long to wait for the next question; 0: there is none. */
    async #turn() {
        const seen = this.version ? `&v=${encodeURIComponent(this.version)}` : "";
        try {
            const answer = await fetch(`${this.door}/unit?${this.question}${seen}`);
            if (this.closed) return 0;
            if (answer.status === 404) return this.#tell(this.said.unknown);
            if (!answer.ok) throw new Error(`status ${answer.status}`);
            return this.#receive(await answer.json());
        } catch (problem) {
            console.info("unit:", problem);
            if (!this.closed) this.#tell(this.said.unreachable);
            return SELDOM;
        }
    }

    /** @param {string} words */
    #tell(words) {
        show(this.words, words);
        this.bar.hidden = true;
        return 0;
    }

    /** @param {UnitAnswer} answer */
    #receive(answer) {
        if (this.closed) return 0;
        this.#offer(answer);
        switch (answer.status) {
            case "no_layer":
                return this.#tell(this.said.no_layer);
            case "none":
                return this.#tell(answer.why);
            case "failed":
                this.#tell(filled(this.said.failed, { why: answer.why }));
                return SELDOM;
        }
        this.bar.hidden = answer.status === "ready";
        if (answer.status === "making") {
            this.bar.value = answer.fraction;
            show(this.words, indexingWords(this.said, answer.counted));
            return OFTEN;
        }
        this.#draw(answer);
        return answer.folder?.making ? OFTEN : 0;
    }

    /** @param {UnitReady} answer */
    #draw(answer) {
        const { said } = this,
            remarked = remarks(said, { ...answer, border: this.border && answer.border });
        show(this.words, [behindWords(said, answer), ...remarked].join(" "));
        const known = [answer.source, answer.version].join(),
            place = `${this.door}/${answer.source}/image`;
        if (this.images.dataset.known === known) return;
        this.images.dataset.known = known;
        const nodes = KINDS.map((kind) => new Patches(said, said[kind], answer[kind], answer, place).node);
        const left = answer.skipped.count ? [new Skipped(said, answer.skipped).node] : [];
        this.images.replaceChildren(...left, ...nodes, new Histogram(said, answer).node);
    }

    /**
     * The folder that the server's owner named: indexed by a button, and shown as soon as it is.
     * @param {UnitAnswer} answer
     */
    #offer({ folder }) {
        const { said } = this;
        this.folder.hidden = !folder;
        if (!folder) return this.folder.replaceChildren();
        if (folder.making) {
            const words = indexingWords(said, folder.counted, folder.name);
            return this.folder.replaceChildren(element("p", { className: "au-note", role: "status" }, words));
        }
        if (this.folder.querySelector("button")) return;
        const button = element("button", { type: "button", className: "au-button", "data-testid": "index-folder" });
        button.append(offerWords(said, folder));
        button.addEventListener("click", async () => {
            button.disabled = true;
            await fetch(`${this.door}/index`, { method: "POST" });
            this.ask();
        });
        const why = folder.why || (folder.lacking ? filled(said.lacking, { folder: folder.name }) : "");
        this.folder.replaceChildren(...(why ? [element("p", { className: "au-note" }, why)] : []), button);
    }

    close() {
        this.closed = true;
        clearTimeout(this.timer);
        this.synthesized?.close();
    }
}
