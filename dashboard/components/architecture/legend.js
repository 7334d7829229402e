// What the strip shows, in words: where it begins, what height and colour mean, whose pictures these are. Inside of a
// block, the way back.

import { element, show } from "../parts/element.js";
import { counted } from "./layers.js";

export class Legend {
    /**
     * @param {() => void} back
     * @param {() => void} make
     */
    constructor(back, make) {
        this.back = element(
            "button",
            { type: "button", className: "aa-step", "data-testid": "all-blocks" },
            "‹ All blocks",
        );
        this.back.addEventListener("click", back);
        this.order = element("span", { "data-testid": "order" });
        this.made = element("span", { "data-testid": "made" });
        this.make = element("button", { type: "button", className: "aa-make", "data-testid": "make" }, "Make them");
        this.make.addEventListener("click", make);
        const swatch = (/** @type {number} */ grain) =>
            element("i", { className: "aa-swatch", style: `--grain: ${grain}`, "aria-hidden": "true" });
        this.pictures = element("span", {}, "Picture: what one channel looks for. ", this.made, this.make);
        this.node = element(
            "div",
            { className: "aa-legend", "data-testid": "legend" },
            this.back,
            this.order,
            element("span", {}, "Bar: higher, more channels; ", swatch(1), " fine grid, ", swatch(0.1), " coarse. "),
            this.pictures,
        );
        this.fill("", 0);
    }

    /**
     * @param {string} block whose inside is shown, "": all blocks are
     * @param {number} count of layers inside
     */
    fill(block, count) {
        this.back.hidden = !block;
        this.pictures.hidden = Boolean(block);
        show(this.order, block ? `Inside ${block}: ${counted(count)}. ` : "The network, left to right. ");
    }

    /**
     * @param {number} made
     * @param {number} count
     * @param {boolean} offered
     */
    tell(made, count, offered) {
        this.make.hidden = !offered;
        show(this.made, count && made < count && !offered ? `${made} of ${count} made` : "");
    }
}
