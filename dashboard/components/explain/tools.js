// What regions are masked with: brush or box, hiding or showing again, how wide, and what is put there instead.

/** @import { Tool } from "./memory.js" */

import { element } from "../parts/element.js";
import { recallTool, rememberTool } from "./memory.js";

const SHAPES = [
    ["brush", "Brush"],
    ["box", "Box"],
];
const FILLS = [
    ["grey", "grey"],
    ["blur", "blur"],
    ["mean", "mean of its surroundings"],
    ["patch", "patch of another image"],
];

export class Tools {
    /**
     * @param {object} asked
     * @param {() => void} asked.clear
     * @param {() => void} asked.filled another fill, or it is to be seen, or no longer
     */
    constructor({ clear, filled }) {
        const kept = recallTool();
        this.shape = choice("Masks with", "shape", SHAPES, kept.shape);
        this.fill = choice("Filled with", "fill", FILLS, kept.fill);
        const value = kept.diameter ?? 32;
        this.size = element("input", { type: "range", min: 4, max: 96, value, className: "av-scrub" });
        this.size.dataset.testid = "brush";
        this.size.addEventListener("input", () => this.#measure());
        this.#measure();
        this.erase = element("input", { type: "checkbox" });
        this.erase.dataset.testid = "erase";
        this.look = element("input", { type: "checkbox", checked: kept.look ?? false });
        this.look.dataset.testid = "look";
        this.look.addEventListener("change", () => {
            this.#changed();
            filled();
        });
        this.shape.addEventListener("change", () => this.#changed());
        this.size.addEventListener("change", () => this.#changed());
        this.fill.addEventListener("change", () => {
            this.#changed();
            filled();
        });
        const plain = { type: "button", className: "av-button ax-plain", "data-testid": "clear" },
            reset = element("button", plain, "Clear");
        reset.addEventListener("click", clear);
        this.diameter = element("label", {}, "Size ", this.size);
        this.node = element(
            "div",
            { className: "ax-tools", role: "group", "aria-label": "how regions are masked" },
            this.shape,
            this.diameter,
            element("label", {}, "Fill with ", this.fill),
            element("label", {}, this.erase, " Erase"),
            element("label", {}, this.look, " Show what the network sees"),
            reset,
        );
        this.diameter.hidden = this.value.shape === "box";
    }

    #measure() {
        this.size.setAttribute("aria-valuetext", `${this.size.value} pixels`);
    }

    #changed() {
        this.diameter.hidden = this.value.shape === "box";
        rememberTool(this.value);
    }

    /** @returns {Tool} */
    get value() {
        const shape = this.shape.value === "box" ? "box" : "brush";
        return { shape, fill: this.fill.value, diameter: Number(this.size.value), look: this.look.checked };
    }

    /** Whether strokes hide; else they show again. */
    get hide() {
        return !this.erase.checked;
    }
}

/**
 * @param {string} label
 * @param {string} testid
 * @param {string[][]} options
 * @param {string} [kept]
 */
function choice(label, testid, options, kept) {
    const choices = options.map(([value, text]) => element("option", { value }, text));
    const node = element("select", { className: "ax-select", "aria-label": label, "data-testid": testid }, ...choices);
    if (kept && options.some(([value]) => value === kept)) node.value = kept;
    return node;
}
