// What the teacher does, as sentences at the edge of the page: each stays until it no longer holds, is closed, or,
// where the page has done it already, has been there long enough to be read.

/** @import { ClassState, Here } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { isHere, pushedWords, shownWords } from "./words.js";

const READ = 6000; // ms

export class Banner {
    /** @type {Set<string>} what was closed of that which holds, or was there long enough */
    closed = new Set();
    /** @type {Set<string>} what is to go by itself */
    going = new Set();
    /** the number of the last push that the member's page had obeyed before this one was opened */
    done = 0;
    /** @type {Here} what the page shows */
    here = { page: "", lesson: "", step: "", quiz: false };
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
        this.picture = element("img", { className: "am-picture", alt: "" });
        const properties = { type: "button", className: "am-button", "data-testid": "class-close" };
        this.button = element("button", properties);
        this.button.addEventListener("click", () => this.#close(["push", "shown"]));
        this.root = element(
            "div",
            { className: "am-banner", role: "status", hidden: true, "data-testid": "class-banner" },
            element("div", { className: "am-sentences" }, this.push, this.paused, this.shown),
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

    /**
     * The page shows something else by now; where its teacher pointed at something on it that is over.
     * @param {Here} here
     */
    move(here) {
        if (JSON.stringify(here) === JSON.stringify(this.here)) return;
        this.here = here;
        if (!this.state) return;
        if (this.state.pushed?.kind === "look" && !isLook(this.state)) this.#close(["push"]);
        else this.update(this.state);
    }

    /**
     * What was pushed is said once, where it is true; to look at the teacher's screen as long as that holds.
     * @param {ClassState} state
     */
    #isSaid({ pushed }) {
        const known = pushed !== null && !this.closed.has(`push ${pushed.number}`) && isHere(pushed, this.here);
        return known && (isLook({ pushed }) || pushed.number > this.done);
    }

    /** @param {ClassState} state */
    update(state) {
        this.state = state;
        const keys = keysOf(state),
            holds = Object.values(keys),
            open = (/** @type {What} */ what) => Boolean(keys[what]) && !this.closed.has(keys[what]);
        for (const known of [this.closed, this.going])
            for (const key of known) if (!holds.includes(key)) known.delete(key);
        const said = this.#isSaid(state);
        if (said && !isLook(state)) this.#letGo("push", keys.push);
        if (open("paused")) this.#letGo("paused", keys.paused);
        const pushed = said ? pushedWords(this.words, state, this.found) : "";
        show(this.push, pushed);
        show(this.paused, open("paused") ? this.words.paused : "");
        if (!open("shown")) this.showPicture(null);
        this.#tellShown();
        for (const node of [this.push, this.paused]) node.hidden = !node.textContent;
        this.button.hidden = !(pushed || open("shown"));
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

/** @typedef {"push" | "paused" | "shown"} What */

/**
 * What holds by now, each told apart from others of its kind; "" where nothing does.
 * @param {ClassState} state
 * @returns {Record<What, string>}
 */
function keysOf({ pushed, paused, shown }) {
    return {
        push: pushed ? `push ${pushed.number}` : "",
        paused: paused ? "paused" : "",
        shown: shown ? `shown ${shown.name}` : "",
    };
}

/**
 * Whether all are to look away from their screens: that stays until the teacher has been looked at.
 * @param {Pick<ClassState, "pushed">} state
 */
function isLook({ pushed }) {
    return pushed?.kind === "look" && !pushed.at;
}
