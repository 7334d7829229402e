// On every page: the sheet of what keys do there, opened by "?" and by a button, with a switch for single letters; and
// the page's language.

/** @import { Call, KeyboardData } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { keyboard } from "../parts/keys.js";
import { speaker } from "../parts/speaker.js";

const SLIDER = "input[type=range], [data-testid=stSlider]";

class Sheet {
    /** @type {Record<string, string>} */
    words = {};
    open = false;

    constructor() {
        this.choice = element("input", { type: "checkbox", "data-testid": "keys-on" });
        this.choice.addEventListener("change", () => keyboard.turn(this.choice.checked));
        this.title = element("h2", {});
        this.list = element("dl", {});
        this.label = element("span", {});
        this.touch = element("p", { className: "ak-touch" });
        this.node = element(
            "div",
            { className: "ak-sheet", popover: "auto", role: "group", "data-testid": "keys-sheet" },
            ...[this.title, this.touch, this.list, element("label", {}, this.choice, this.label)],
        );
        const properties = { type: "button", className: "ak-button", "data-testid": "keys", "aria-expanded": "false" };
        this.button = element("button", properties, "?");
        this.button.popoverTargetElement = this.node;
        this.node.addEventListener("toggle", (event) => this.#opened(event.newState === "open"));
        this.root = element("div", { className: "ak-keyboard" }, this.button, this.node);
        this.letters = keyboard.letters;
        keyboard.watchers.add(() => this.#changed());
        this.table = this.#table();
        keyboard.add(this.table);
    }

    #table() {
        const { node } = this,
            sheet = this;
        return [
            {
                on: { "?": () => node.togglePopover() },
                get does() {
                    return sheet.words.keys_sheet;
                },
            },
            {
                keys: "R",
                get does() {
                    return sheet.words.keys_again;
                },
            }, // Streamlit's
        ];
    }

    /** @param {KeyboardData} data */
    hear({ lang, words }) {
        this.words = words;
        document.documentElement.lang = lang;
        show(this.title, words.keys_title);
        show(this.label, words.keys_letters);
        show(this.touch, words.keys_touch);
        this.node.setAttribute("aria-label", words.keys_title);
        Object.assign(this.button, { title: `${words.keys_title} (?)`, ariaLabel: words.keys_title });
        this.#draw();
    }

    #draw() {
        this.choice.checked = keyboard.letters;
        const [own, others] = [keyboard.rows(this.words, new Set([this.table])), keyboard.rows(this.words)],
            rows = [...others.slice(own.length), ...own]; // what every page has comes last
        this.list.replaceChildren(
            ...rows.flatMap(([keys, does]) => [element("dt", {}, keys), element("dd", {}, does)]),
        );
    }

    /**
     * Another page takes it over as it is: a node that is moved closes without a word.
     * @param {HTMLElement} parent
     */
    move(parent) {
        if (this.root.parentElement === parent) return;
        parent.append(this.root);
        if (this.open) this.node.showPopover();
    }

    /** @param {boolean} open */
    #opened(open) {
        this.open = open;
        this.button.setAttribute("aria-expanded", String(open));
        if (!open) return;
        this.#draw();
        this.choice.focus();
    }

    #changed() {
        if (this.node.matches(":popover-open")) this.#draw();
        if (keyboard.letters === this.letters) return;
        this.letters = this.choice.checked = keyboard.letters;
        speaker.event(keyboard.letters ? this.words.keys_on : this.words.keys_off, this);
    }
}

/** @type {Sheet | null} one for the tab, whatever page is drawn */
let sheet = null;
let held = false; // a slider, by a pointer that may leave it

/** @param {Event} event */
function moves({ type, target }) {
    const slider = target instanceof Element && target.closest(SLIDER) !== null;
    if (type === "pointerdown") held = slider;
    if (type === "pointerup" || type === "pointercancel") held = false;
    if (held || (slider && (type === "input" || type === "keydown"))) speaker.move();
}

/** @param {Call<KeyboardData>} call */
export function mount({ parentElement, data }) {
    keyboard.listen();
    for (const type of ["input", "keydown", "pointerdown", "pointermove", "pointerup", "pointercancel"])
        document.addEventListener(type, moves, { capture: true, passive: true });
    sheet ??= new Sheet();
    sheet.move(parentElement);
    sheet.hear(data);
}

export function unmount() {} // the next page takes it over
