// The member's name in a corner of the page, with what one may do about it; for who is no member, a place for the code.

/** @import { You } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { nameWords } from "./words.js";

/**
 * @typedef {object} Wishes
 * @property {(code: string) => void} join
 * @property {() => void} rename
 * @property {(hidden: boolean) => void} hide
 * @property {() => void} leave
 */

export class Chip {
    /** @type {import("./words.js").Words} */
    words = {};
    /** whether who is no member is asked to join: not the teacher */
    offered = false;

    /** @param {Wishes} wishes */
    constructor(wishes) {
        this.name = element("summary", { className: "am-name", "data-testid": "class-name" });
        this.hidden = element("input", { type: "checkbox", "data-testid": "class-hidden" });
        this.hidden.addEventListener("change", () => wishes.hide(this.hidden.checked));
        /** @type {{ [word: string]: HTMLElement }} what says that word, and nothing else */
        this.says = {
            promise: element("p"),
            hidden: element("span"),
            rename: act("class-rename", wishes.rename),
            leave: act("class-leave", wishes.leave),
            open: element("summary", { className: "am-name", "data-testid": "class-open" }),
            join: element("button", { className: "am-button", "data-testid": "class-join" }),
            close: act("class-dismiss", () => this.#dismiss()),
        };
        const { promise, hidden, rename, leave, open, join, close } = this.says,
            wall = element("label", { className: "am-wall" }, this.hidden, " ", hidden);
        this.member = element("details", {}, this.name, promise, wall, rename, leave);
        this.code = element("input", {
            className: "am-code",
            maxLength: 12,
            autocomplete: "off",
            autocapitalize: "characters",
            spellcheck: false,
            placeholder: "ABC DEF",
            "data-testid": "class-code",
        });
        this.told = element("p", { role: "status", "data-testid": "class-told" });
        this.form = element("form", { className: "am-form" }, this.code, join, close);
        this.form.addEventListener("submit", (event) => {
            event.preventDefault();
            if (this.code.value.trim()) wishes.join(this.code.value.trim());
        });
        this.joining = element("details", {}, open, this.form);
        this.root = element(
            "div",
            { className: "am-chip", "data-testid": "class-chip" },
            ...[this.told, this.member, this.joining],
        );
        this.update(null, false, "");
    }

    /** @param {import("./words.js").Words} words */
    speak(words) {
        this.words = words;
        for (const [word, node] of Object.entries(this.says)) show(node, words[word]);
        this.code.ariaLabel = words.code;
    }

    #dismiss() {
        this.told.hidden = true;
        this.joining.open = false;
    }

    /**
     * @param {You | null} you
     * @param {boolean} connected
     * @param {string} told the word that says why one is no member; "" where nothing is to be said
     */
    update(you, connected, told) {
        this.member.hidden = !you;
        this.joining.hidden = Boolean(you) || !(told || this.offered);
        this.root.hidden = !you && this.joining.hidden;
        this.root.dataset.connected = String(connected);
        show(this.told, told && this.words[told]);
        this.told.hidden = !told;
        if (told) this.joining.open = true;
        if (!you) return;
        show(this.name, nameWords(this.words, you.name, connected));
        this.hidden.checked = you.hidden;
    }
}

/**
 * @param {string} name
 * @param {() => void} wish
 */
function act(name, wish) {
    const button = element("button", { type: "button", className: "am-button", "data-testid": name });
    button.addEventListener("click", wish);
    return button;
}
