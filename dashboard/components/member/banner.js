// What the teacher does, as sentences at the top of the page: each stays until it no longer holds, or is closed.

/** @import { ClassState } from "../messages.js" */

import { bars } from "../parts/answers.js";
import { element, show } from "../parts/element.js";
import { pausedWords, pushedWords, shownWords } from "./words.js";

export class Banner {
    /** @type {number} the push that was closed */
    closed = 0;
    /** whether the page has the place that the teacher points at */
    found = true;
    /** @type {string} */
    address = "";

    constructor() {
        this.push = element("p", { className: "am-words", "data-testid": "class-pushed" });
        this.paused = element("p", { className: "am-words", "data-testid": "class-paused" });
        this.shown = element("p", { className: "am-words", "data-testid": "class-shown" });
        this.answers = element("div", {});
        this.picture = element("img", { className: "am-picture", alt: "" });
        this.button = element(
            "button",
            { type: "button", className: "am-button", "data-testid": "class-close" },
            "Close",
        );
        this.button.addEventListener("click", () => this.#close());
        this.root = element(
            "div",
            { className: "am-banner", role: "status", hidden: true, "data-testid": "class-banner" },
            element("div", { className: "am-sentences" }, this.push, this.paused, this.shown, this.answers),
            this.picture,
            this.button,
        );
        /** @type {ClassState | null} */
        this.state = null;
    }

    /** @param {ClassState} state */
    update(state) {
        this.state = state;
        const number = state.pushed?.number ?? 0,
            pushed = number === this.closed ? "" : pushedWords(state, this.found);
        show(this.push, pushed);
        show(this.paused, pausedWords(state));
        show(this.shown, shownWords(state));
        for (const node of [this.push, this.paused, this.shown]) node.hidden = !node.textContent;
        this.answers.replaceChildren(...(state.revealed ? [bars(state.revealed)] : []));
        if (!state.shown) this.showPicture(null);
        this.button.hidden = !pushed;
        this.root.classList.toggle("am-look", pushed !== "" && state.pushed?.kind === "look" && !state.pushed.at);
        this.root.hidden = !(pushed || state.paused || state.shown || state.revealed);
    }

    /** @param {Blob | null} picture of the member that is shown to all */
    showPicture(picture) {
        URL.revokeObjectURL(this.address);
        this.address = picture ? URL.createObjectURL(picture) : "";
        this.picture.hidden = !picture;
        if (picture) {
            this.picture.src = this.address;
            this.picture.alt = this.shown.textContent ?? "";
        } else this.picture.removeAttribute("src");
    }

    #close() {
        if (!this.state) return;
        this.closed = this.state.pushed?.number ?? 0;
        this.update(this.state);
    }

    close() {
        URL.revokeObjectURL(this.address);
    }
}
