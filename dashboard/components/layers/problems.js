// What is wrong, one sentence at a time: each stands until what it is about is well again.

import { element, show } from "../parts/element.js";

/** @typedef {"camera" | "photo" | "server"} About the most important one first */

export class Problems {
    /** @type {{ [about in About]: string }} */
    sentences = { camera: "", photo: "", server: "" };

    constructor() {
        this.node = element("p", { className: "al-problem", role: "alert", "data-testid": "problem", hidden: true });
    }

    /**
     * @param {About} about
     * @param {string} sentence "": there is nothing wrong any more
     */
    say(about, sentence) {
        this.sentences[about] = sentence;
        const said = Object.values(this.sentences).find(Boolean) ?? "";
        this.node.hidden = !said;
        show(this.node, said);
    }
}
