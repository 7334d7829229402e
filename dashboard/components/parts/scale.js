// A map's scale: its colours, with the numbers at its ends.

/**
 * @import { MapHeader } from "../messages.js"
 * @import { Colours } from "./colours.js"
 */

import { element, show } from "./element.js";
import { scaleWords } from "./numbers.js";

export class Scale {
    constructor() {
        this.canvas = element("canvas", { className: "ax-colours", height: 1, "aria-hidden": "true" });
        this.low = element("span", {});
        this.middle = element("span", {}, "0");
        this.top = element("span", { "data-testid": "top" });
        const numbers = element("div", { className: "ax-numbers" }, this.low, this.middle, this.top);
        this.node = element("div", { className: "ax-scale", role: "img" }, this.canvas, numbers);
        this.turn(false);
    }

    /**
     * Its room is kept: nothing jumps when it comes.
     * @param {boolean} shown
     */
    turn(shown) {
        this.node.style.visibility = shown ? "visible" : "hidden";
    }

    /**
     * @param {Pick<MapHeader, "top" | "beyond" | "signed">} header
     * @param {Colours} colours
     * @param {string} [of] what the number at the end is the largest of, where that is not what is shown
     */
    draw({ top, beyond, signed }, colours, of = "") {
        const pixels = colours.scale(signed),
            [low, high] = scaleWords({ top, beyond, signed }, of);
        this.canvas.width = pixels.length / 4;
        this.canvas.getContext("2d")?.putImageData(new ImageData(pixels, this.canvas.width, 1), 0, 0);
        show(this.low, low);
        show(this.top, high);
        this.middle.hidden = !signed;
        this.node.setAttribute("aria-label", `scale from ${low} to ${high}`);
        this.turn(true);
    }
}
