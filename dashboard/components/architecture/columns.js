// A button for every layer, as wide as its bar in the chart; one of them can be reached by Tab, the others by arrows.

import { element } from "../parts/element.js";

export class Columns {
    /** @type {HTMLButtonElement[]} */
    buttons = [];

    /**
     * @param {(index: number) => void} choose
     * @param {(index: number | null) => void} point the pointer, or the focus, is on it; null: on none
     */
    constructor(choose, point) {
        this.choose = choose;
        this.point = point;
        this.node = element("div", {
            className: "aa-columns",
            role: "toolbar",
            "aria-label": "Layers",
            "data-testid": "layers",
        });
        this.node.addEventListener("keydown", (event) => this.walk(event));
    }

    /**
     * @param {string[]} layers
     * @param {number[]} marked
     * @param {{ l: number, r: number, t: number }} margin of the chart, px
     */
    fill(layers, marked, { l, r, t }) {
        if (this.buttons.length !== layers.length) {
            this.buttons = layers.map((_, index) => this.make(index));
            this.node.replaceChildren(...this.buttons);
        }
        Object.assign(this.node.style, { left: `${l}px`, right: `${r}px`, top: `${t}px` });
        this.buttons.forEach((button, index) => {
            button.setAttribute("aria-label", layers[index]);
            button.setAttribute("aria-pressed", String(marked.includes(index)));
        });
        if (this.here < 0) this.reach(marked[0] ?? 0);
    }

    /** @param {number} index */
    make(index) {
        const button = element("button", { type: "button", className: "aa-column" });
        button.addEventListener("click", () => this.choose(index));
        for (const kind of ["mouseenter", "focus"]) button.addEventListener(kind, () => this.point(index));
        for (const kind of ["mouseleave", "blur"]) button.addEventListener(kind, () => this.point(null));
        return button;
    }

    /** The one that has the focus; -1: none. */
    get here() {
        return this.buttons.findIndex((button) => button === document.activeElement);
    }

    /** @param {number} index */
    reach(index) {
        this.buttons.forEach((button, other) => {
            button.tabIndex = other === index ? 0 : -1;
        });
    }

    /** @param {KeyboardEvent} event */
    walk(event) {
        const { here } = this,
            to = goal(event.key, here, this.buttons.length);
        if (here < 0 || to === null || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        this.reach(to);
        this.buttons[to].focus();
    }
}

/**
 * Where a key leads; null: it is none of ours.
 * @param {string} key
 * @param {number} here
 * @param {number} count
 */
export function goal(key, here, count) {
    /** @type {{ [key: string]: number }} */
    const goals = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: count - 1 };
    return key in goals ? Math.min(Math.max(goals[key], 0), count - 1) : null;
}
