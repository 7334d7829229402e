// The strip of cascading randomization: the map again and again, while the network's weights are drawn anew from the
// top down.

/**
 * @import { Cascade, CascadeStage } from "../messages.js"
 * @import { Colours } from "../parts/colours.js"
 */

import { element } from "../parts/element.js";
import { written } from "../parts/numbers.js";

/**
 * @param {Cascade} cascade
 * @param {Colours} colours
 */
export function strip(cascade, colours) {
    const stages = cascade.stages.map((stage) => figure(stage, cascade, colours));
    const named = { "data-testid": "cascade", "aria-label": "the map while weights are drawn anew", tabIndex: 0 };
    return element("div", { className: "ax-cascade", role: "group", ...named }, ...stages);
}

/**
 * @param {CascadeStage} stage
 * @param {Cascade} cascade
 * @param {Colours} colours
 */
function figure(stage, { height, width, signed }, colours) {
    const canvas = element("canvas", { height, width, "aria-hidden": "true" }),
        values = Int8Array.from(atob(stage.values), (letter) => (letter.charCodeAt(0) << 24) >> 24);
    if (values.length === height * width) {
        const pixels = new ImageData(colours.pixels(values, signed), width, height);
        canvas.getContext("2d")?.putImageData(pixels, 0, 0);
    }
    const words = correlationWords(stage);
    return element("figure", {}, canvas, element("figcaption", {}, stage.name, element("br"), words));
}

/** @param {CascadeStage} stage */
export function correlationWords({ correlation }) {
    if (!correlation) return "";
    const [mean, low, high] = correlation.map((value) => written(value.toFixed(2)));
    return low === high ? mean : `${mean} (${low} to ${high})`;
}
