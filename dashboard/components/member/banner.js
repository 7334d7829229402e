// What the teacher does, as sentences at the edge of the page: each stays until it no longer holds, is closed, or,
// where the page has done it already, has been there long enough to be read.

/** @import { ClassState } from "../messages.js" */

import { bars } from "../parts/answers.js";
import { element, show } from "../parts/element.js";
import { pushedWords, shownWords } from "./words.js";

const READ = 6000; // ms

export class Banner {
    /** @type {Set<string>} what was closed of that which holds, or was there long enough */
    closed = new Set();
    /** @type {Set<string>} what is to go by itself */
    going = new Set();
    /** whether the page has the place that the teacher points at */
    found = true;
    /** @type {string} */
    address = "";
    /** @type {import("./words.js").Words} */
    words = {};

    constructor() {
        this.push = element("p", { className: "am-words", "data-testid": "class-pushed" });
        this.paused = element("p", { className: "am-words", "data-testid": "class-paused" });
        this.shown = element("p", { className: "am-words", "data-testid": "class-shown" });
        this.answers = element("div", {});
        this.picture = element("img", { className: "am-picture", alt: "" });
        const properties = { type: "button", className: "am-button", "data-testid": "class-close" };
        this.button = element("button", properties);
        this.button.addEventListener("click", () => this.#close(["push", "shown", "revealed"]));
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

    /** @param {import("./words.js").Words} words */
    speak(words) {
        this.words = words;
        show(this.button, words.close);
        if (this.state) this.update(this.state);
    }

    /** @param {ClassState} state */
    update(state) {
        this.state = state;
        const keys = keysOf(state),
            holds = Object.values(keys),
            open = (/** @type {What} */ what) => Boolean(keys[what]) && !this.closed.has(keys[what]);
        for (const known of [this.closed, this.going])
            for (const key of known) if (!holds.includes(key)) known.delete(key);
        if (open("push") && !isLook(state)) this.#letGo("push", keys.push);
        if (open("paused")) this.#letGo("paused", keys.paused);
        const pushed = open("push") ? pushedWords(this.words, state, this.found) : "",
            revealed = open("revealed") ? state.revealed : null;
        show(this.push, pushed);
        show(this.paused, open("paused") ? this.words.paused : "");
        this.answers.replaceChildren(...(revealed ? [bars(revealed, this.words)] : []));
        if (!open("shown")) this.showPicture(null);
        this.#tellShown();
        for (const node of [this.push, this.paused]) node.hidden = !node.textContent;
        this.button.hidden = !(pushed || revealed || open("shown"));
        this.root.classList.toggle("am-look", pushed !== "" && isLook(state));
        this.root.hidden = this.button.hidden && !this.paused.textContent;
    }

    // Of a member that has just come back there is no picture for a moment.
    #tellShown() {
        const { state } = this,
            open = state?.shown && !this.closed.has(keysOf(state).shown);
        show(this.shown, open ? shownWords(this.words, state, Boolean(this.address)) : "");
        this.shown.hidden = !open;
    }

    /**
     * @param {What} what
     * @param {string} key
     */
    #letGo(what, key) {
        if (this.going.has(key)) return;
        this.going.add(key);
        setTimeout(() => this.going.has(key) && this.#close([what]), READ);
    }

    /** @param {Blob | null} picture of the member that is shown to all */
    showPicture(picture) {
        const { state } = this;
        if (picture && state && this.closed.has(keysOf(state).shown)) return;
        URL.revokeObjectURL(this.address);
        this.address = picture ? URL.createObjectURL(picture) : "";
        this.picture.hidden = !picture;
        if (picture) {
            this.#tellShown();
            this.picture.src = this.address;
            this.picture.alt = this.shown.textContent ?? "";
        } else this.picture.removeAttribute("src");
    }

    /** @param {What[]} kinds */
    #close(kinds) {
        if (!this.state) return;
        const keys = keysOf(this.state);
        for (const what of kinds) if (keys[what]) this.closed.add(keys[what]);
        this.update(this.state);
    }

    close() {
        URL.revokeObjectURL(this.address);
    }
}

/** @typedef {"push" | "paused" | "shown" | "revealed"} What */

/**
 * What holds by now, each told apart from others of its kind; "" where nothing does.
 * @param {ClassState} state
 * @returns {Record<What, string>}
 */
function keysOf({ pushed, paused, shown, revealed }) {
    return {
        push: pushed ? `push ${pushed.number}` : "",
        paused: paused ? "paused" : "",
        shown: shown ? `shown ${shown.name}` : "",
        revealed: revealed ? `revealed ${revealed.lesson} ${revealed.step}` : "",
    };
}

/**
 * Whether all are to look away from their screens: that stays until the teacher has been looked at.
 * @param {ClassState} state
 */
function isLook({ pushed }) {
    return pushed?.kind === "look" && !pushed.at;
}
