// The panel of a unit: its synthesized picture beside the images that it answers to most, to some and to least.

/** @import { Call, UnitData, UnitEntry } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { Mounts } from "../parts/mounts.js";
import { Answers } from "./answers.js";
import { recallOpen, rememberOpen } from "./memory.js";
import { reveal } from "./reveal.js";

/** @type {Mounts<Panel>} */
const mounted = new Mounts();

/** @param {Call<UnitData>} call */
export function mount({ parentElement, data }) {
    if (mounted.at(parentElement)?.words.lang !== data.words.lang) mounted.remove(parentElement);
    const panel = mounted.at(parentElement) ?? mounted.put(parentElement, new Panel(parentElement, data));
    panel.hear(data);
}

/** @param {HTMLElement} parentElement */
export function unmount(parentElement) {
    mounted.remove(parentElement);
}

class Panel {
    /** @type {UnitEntry[]} */
    units = [];
    version = "";
    chosen = "";
    /** @type {Answers | null} */
    answers = null;
    shown = "";
    clicked = false; // a panel that is open from the start does not move the page
    unreveal = () => {};

    /**
     * @param {HTMLElement} parent
     * @param {UnitData} data folded: whether it is, until somebody opens it
     */
    constructor(parent, { folded, words }) {
        this.words = words;
        this.summary = element("summary", { className: "au-summary" }, words.title);
        this.choice = element("select", { className: "au-choice", "aria-label": words.unit, hidden: true });
        this.choice.addEventListener("change", () => {
            this.chosen = this.choice.value;
            this.#draw();
        });
        this.note = element("p", { className: "au-note", hidden: true });
        this.place = element("div");
        this.root = element(
            "details",
            { className: "au-panel", "data-testid": "unit", open: !folded || recallOpen() },
            this.summary,
            this.choice,
            this.note,
            this.place,
        );
        this.summary.addEventListener("click", () => {
            this.clicked = true;
        });
        this.root.addEventListener("toggle", () => {
            if (folded) rememberOpen(this.root.open);
            this.#draw();
            this.unreveal();
            if (this.root.open && this.clicked) this.unreveal = reveal(this.root);
        });
        parent.append(this.root);
    }

    /** @param {UnitData} data */
    hear({ units, version }) {
        this.units = units;
        this.version = version;
        this.root.hidden = !units.length;
        if (!units.some(({ title }) => title === this.chosen)) this.chosen = units[0]?.title ?? "";
        const names = units.map(({ title }) => title);
        if ([...this.choice.options].map(({ value }) => value).join("\n") !== names.join("\n"))
            this.choice.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
        this.choice.value = this.chosen;
        this.choice.hidden = units.length < 2;
        this.#draw();
    }

    /** Asks for nothing while it is folded. */
    #draw() {
        const unit = this.units.find(({ title }) => title === this.chosen),
            shown = this.root.open && unit ? JSON.stringify([unit, this.version]) : "";
        const { title, title_of } = this.words;
        show(this.summary, unit && this.units.length === 1 ? filled(title_of, { unit: unit.title }) : title);
        show(this.note, unit?.note ?? "");
        this.note.hidden = !unit?.note;
        if (shown === this.shown) return;
        this.shown = shown;
        this.answers?.close();
        this.answers = null;
        this.place.replaceChildren();
        if (!shown || !unit || unit.channel === null) return;
        this.answers = new Answers(this.words, unit, unit.channel, this.version);
        this.place.append(this.answers.node);
    }

    close() {
        this.unreveal();
        this.answers?.close();
        this.root.remove();
    }
}
