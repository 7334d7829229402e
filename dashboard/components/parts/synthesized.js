// A picture that is made on the server while one waits for it, and shown meanwhile.

import { element, show } from "./element.js";
import { filled } from "./filled.js";
import { Poller } from "./poller.js";

/** @typedef {{ header: { step: number, status: "running" | "finished" }, iterations: number, picture: Blob }} Made */

/**
 * @param {Response} answer with status 202 while it is being made
 * @returns {Promise<Made>}
 */
async function decode(answer) {
    const number = (/** @type {string} */ name) => Number(answer.headers.get(name) ?? 0),
        status = answer.status === 202 ? "running" : "finished";
    const header = { step: number("X-Iteration"), status: /** @type {"running" | "finished"} */ (status) };
    return { header, iterations: number("X-Iterations"), picture: await answer.blob() };
}

/** What holds the image and the words is the matter of who shows it. */
export class SynthesizedPicture {
    image = element("img", { draggable: false, hidden: true });
    /** @type {HTMLElement} knows how far it is */
    node = this.image;
    /**
     * @param {Record<string, string>} said synthesized_alt, _waiting, _running, _finished, _none
     * @param {string} source
     * @param {string} title of what is maximized
     * @param {HTMLElement} words where is told how far it is
     */
    constructor(said, source, title, words) {
        this.said = said;
        this.image.alt = filled(said.synthesized_alt, { title });
        this.words = words;
        show(words, said.synthesized_waiting);
        this.poller = new Poller(source, () => document.visibilityState === "visible", {
            decode,
            receive: (made) => this.#receive(made),
            connected: () => {},
            unknown: () => show(words, said.synthesized_none),
        });
    }

    /** @param {Made} made */
    #receive({ header, iterations, picture }) {
        show(this.words, filled(this.said[`synthesized_${header.status}`], { n: header.step, of: iterations }));
        this.node.dataset.status = header.status;
        if (!picture.size) return;
        const before = this.image.src;
        this.image.src = URL.createObjectURL(picture);
        this.image.hidden = false;
        if (before) URL.revokeObjectURL(before);
    }

    close() {
        this.poller.close();
        if (this.image.src) URL.revokeObjectURL(this.image.src);
    }
}
