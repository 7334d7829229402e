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

const PROMISE =
    "The server gave you this name. It keeps the step you are at, your answers and your settings until your teacher " +
    "ends the class, or for 12 hours.";

export class Chip {
    /** @param {Wishes} wishes */
    constructor(wishes) {
        this.name = element("summary", { className: "am-name", "data-testid": "class-name" });
        this.hidden = element("input", { type: "checkbox", "data-testid": "class-hidden" });
        this.hidden.addEventListener("change", () => wishes.hide(this.hidden.checked));
        const another = act("class-rename", "Another name", wishes.rename),
            leave = act("class-leave", "Leave the class", wishes.leave),
            wall = element("label", { className: "am-wall" }, this.hidden, " Not on the wall");
        this.member = element("details", {}, this.name, element("p", {}, PROMISE), wall, another, leave);
        this.code = element("input", {
            className: "am-code",
            maxLength: 12,
            autocomplete: "off",
            autocapitalize: "characters",
            spellcheck: false,
            "aria-label": "Code of the class",
            placeholder: "ABC DEF",
            "data-testid": "class-code",
        });
        this.told = element("p", { role: "status", "data-testid": "class-told" });
        const ask = element("button", { className: "am-button", "data-testid": "class-join" }, "Join");
        const close = act("class-dismiss", "Close", () => this.#dismiss());
        this.form = element("form", { className: "am-form" }, this.code, ask, close);
        this.form.addEventListener("submit", (event) => {
            event.preventDefault();
            if (this.code.value.trim()) wishes.join(this.code.value.trim());
        });
        const join = element("summary", { className: "am-name", "data-testid": "class-open" }, "Join the class");
        this.joining = element("details", {}, join, this.form);
        this.root = element(
            "div",
            { className: "am-chip", "data-testid": "class-chip" },
            ...[this.told, this.member, this.joining],
        );
        this.update(null, false, "");
    }

    #dismiss() {
        this.told.hidden = true;
        this.joining.open = false;
    }

    /**
     * @param {You | null} you
     * @param {boolean} connected
     * @param {string} told why one is no member
     */
    update(you, connected, told) {
        this.member.hidden = !you;
        this.joining.hidden = Boolean(you);
        this.root.dataset.connected = String(connected);
        show(this.told, told);
        this.told.hidden = !told;
        if (told) this.joining.open = true;
        if (!you) return;
        show(this.name, nameWords(you.name, connected));
        this.hidden.checked = you.hidden;
    }
}

/**
 * @param {string} name
 * @param {string} text
 * @param {() => void} wish
 */
function act(name, text, wish) {
    const button = element("button", { type: "button", className: "am-button", "data-testid": name }, text);
    button.addEventListener("click", wish);
    return button;
}
