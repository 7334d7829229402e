// How a unit's values lie among all images, and where the visitor's image lies there.

/** @import { UnitReady } from "../messages.js" */
/** @import { Words } from "./words.js" */

import { element } from "../parts/element.js";
import { rangeWords } from "./words.js";

const BINS = 24,
    WIDTH = 240,
    HEIGHT = 48; // px
const SVG = "http://www.w3.org/2000/svg";

export class Histogram {
    /**
     * @param {Words} words
     * @param {UnitReady} answer
     */
    constructor(words, answer) {
        const { quantiles, image } = answer,
            low = quantiles[0],
            high = quantiles[quantiles.length - 1],
            shares = sharesOf(quantiles),
            most = Math.max(...shares, 1e-9);
        const bars = shares.map((share, i) => {
            const tall = (HEIGHT - 6) * (share / most);
            return shape("rect", {
                x: (i * WIDTH) / BINS,
                y: HEIGHT - tall,
                width: WIDTH / BINS - 1,
                height: tall,
                class: "au-bar",
            });
        });
        const said = rangeWords(words, answer),
            svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": said });
        svg.append(...bars);
        if (image) {
            const share = high > low ? (image.value - low) / (high - low) : 0.5,
                x = Math.min(1, Math.max(0, share)) * WIDTH;
            svg.append(shape("line", { x1: x, x2: x, y1: 0, y2: HEIGHT, class: "au-mark" }));
        }
        const earlier = image ? [element("p", { className: "au-note au-earlier" }, words.earlier)] : [];
        this.node = element(
            "section",
            { className: "au-histogram", "data-testid": "histogram" },
            element("h4", { className: "au-title" }, words.among),
            svg,
            element("p", { className: "au-note" }, said),
            ...earlier,
        );
    }
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
function shape(tag, attributes) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
    return node;
}

/**
 * Which share of these values of images lies in each of so many equal parts of their range.
 * @param {number[]} quantiles
 * @param {number} [bins]
 */
export function sharesOf(quantiles, bins = BINS) {
    const low = quantiles[0],
        range = quantiles[quantiles.length - 1] - low,
        shares = Array(bins).fill(0);
    for (const value of quantiles) {
        const bin = range > 0 ? Math.min(bins - 1, Math.floor(((value - low) / range) * bins)) : Math.floor(bins / 2);
        shares[bin] += 1 / quantiles.length;
    }
    return shares;
}
