// The classes that the network thinks likeliest: a click explains one, "why not" asks why it is not that one. While
// something is masked, how their probabilities moved.

/** @import { ClassChange, ClassEntry, ExplainData, Explained } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { percent } from "../parts/numbers.js";
import { arrange } from "./order.js";

const SHOWN = 8;
const HINT = "ax-classes-hint";

/**
 * @typedef {object} Choices
 * @property {(index: number) => void} explain
 * @property {(index: number) => void} against
 */

/** @typedef {{ index: number, name: string, probability: number, before: number | null }} Row */

export class Classes {
    /** @type {ClassEntry[]} */
    entries = [];
    /** @type {Explained} */
    explained = { title: "", index: null, against: null, score: null };
    /** @type {ClassChange[] | null} */
    changes = null;
    /** @type {Map<number, ReturnType<typeof rowOf>>} */
    rows = new Map();

    /** @param {Choices} choices */
    constructor(choices) {
        this.choices = choices;
        this.search = element("input", {
            type: "search",
            className: "ax-search",
            placeholder: "Search all classes",
            "aria-label": "search all classes",
            "data-testid": "class-search",
        });
        this.search.addEventListener("input", () => this.draw());
        this.list = element("ol", { className: "ax-classes", "aria-label": "classes", "data-testid": "classes" });
        const hint =
            "How probable each class is to the network; those of all classes add up to 100 %. A click explains a " +
            "class. Shift and click, or “why not”, asks why it is not that one.";
        this.none = element("p", { className: "ax-note", role: "status" });
        const note = element("p", { className: "ax-hint", id: HINT }, hint);
        this.node = element("div", { className: "ax-choice" }, this.search, this.list, this.none, note);
    }

    /** @param {ExplainData} data */
    hear({ classes, explained }) {
        this.entries = classes;
        this.explained = explained;
        this.node.hidden = !classes.length;
        this.search.hidden = classes.length <= SHOWN;
        this.draw();
    }

    /** @param {ClassChange[] | null} changes null: nothing is masked */
    change(changes) {
        this.changes = changes;
        this.search.disabled = changes !== null;
        this.draw();
    }

    draw() {
        const wanted = this.changes
            ? this.changes.map(([index, name, probability, before]) => ({ index, name, probability, before }))
            : found(this.entries, this.search.value, this.explained).map(asRow);
        const rows = wanted.map((row) => this.rows.get(row.index) ?? rowOf(row, this.choices, () => this.explained));
        this.rows = new Map(wanted.map(({ index }, place) => [index, rows[place]]));
        arrange(
            this.list,
            rows.map(({ node }) => node),
        );
        rows.forEach((row, place) => row.update(wanted[place], this.explained));
        show(this.none, wanted.length ? "" : "No class has a name like that.");
    }
}

/** @param {ClassEntry} entry */
const asRow = ([index, name, probability]) => ({ index, name, probability, before: null });

/**
 * The likeliest classes, and what is explained wherever it stands; or those whose names hold what is searched for.
 * @param {ClassEntry[]} entries the likeliest first
 * @param {string} words
 * @param {{ index: number | null, against: number | null }} explained
 */
export function found(entries, words, { index, against }) {
    const wanted = words.trim().toLowerCase();
    if (wanted) return entries.filter(([, name]) => name.toLowerCase().includes(wanted)).slice(0, SHOWN);
    const first = entries.slice(0, SHOWN);
    const others = entries.slice(SHOWN).filter(([one]) => one === index || one === against);
    return [...first, ...others];
}

/**
 * @param {Row} row
 * @param {Choices} choices
 * @param {() => Explained} explained by now
 */
function rowOf({ index, name }, { explain, against }, explained) {
    const bar = element("span", { className: "ax-bar", "aria-hidden": "true" }),
        value = element("span", { className: "ax-value" });
    const choose = element(
        "button",
        { type: "button", className: "ax-class", "aria-describedby": HINT, "data-testid": `class-${index}` },
        element("span", { className: "ax-name" }, name),
        value,
        bar,
    );
    const why = element(
        "button",
        { type: "button", className: "ax-why", "aria-label": `why not ${name}`, "data-testid": `why-not-${index}` },
        "why not",
    );
    // Pressed again it no longer asks.
    const ask = () => {
        const { index: first, against: second } = explained();
        if (first === null || first === index) return;
        if (second === index) explain(first);
        else against(index);
    };
    choose.addEventListener("click", (event) => (event.shiftKey ? ask() : explain(index)));
    why.addEventListener("click", ask);
    const node = element("li", { className: "ax-row" }, choose, why);
    return { node, update: (/** @type {Row} */ row, /** @type {Explained} */ now) => update(row, now) };

    /**
     * @param {Row} row
     * @param {Explained} now
     */
    function update({ probability, before }, now) {
        choose.setAttribute("aria-pressed", String(now.index === index));
        why.setAttribute("aria-pressed", String(now.against === index));
        why.disabled = now.index === null || now.index === index;
        show(value, before === null ? percent(probability) : `${percent(before)} → ${percent(probability)}`);
        bar.style.setProperty("--ax-now", String(probability));
        bar.style.setProperty("--ax-before", String(before ?? probability));
    }
}
