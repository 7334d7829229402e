// Parts of images, cut out where a cell sees; what lies beyond the image is empty, and its border is drawn.

/** @import { UnitPatch, UnitReady } from "../messages.js" */
/** @import { Words } from "./words.js" */

import { element } from "../parts/element.js";
import { number } from "../parts/numbers.js";
import { patchWords } from "./words.js";

const SIDE = 144; // px of a canvas, twice what is seen

/** @type {Map<string, Promise<HTMLImageElement>>} */
const loaded = new Map();
const MOST_LOADED = 64;

export class Patches {
    /**
     * @param {Words} words
     * @param {string} title
     * @param {UnitPatch[]} patches
     * @param {UnitReady} answer
     * @param {string} place where the images lie
     */
    constructor(words, title, patches, answer, place) {
        const items = patches.map((patch, i) => {
            const said = patchWords(words, title, i, patch, answer),
                named = { role: "img", "aria-label": said, title: said, "data-image": patch[0] },
                canvas = element("canvas", { width: SIDE, height: SIDE, ...named });
            load(`${place}/${patch[0]}.jpg?version=${answer.version}`).then(
                (image) => cut(canvas, image, patch[5], answer.size),
                (problem) => console.info("unit:", problem),
            );
            return element("li", {}, canvas, element("span", {}, number(patch[3], words.decimal)));
        });
        this.node = element(
            "section",
            { className: "au-kind", "data-testid": "patches" },
            element("h4", { className: "au-title" }, title),
            patches.length ? element("ul", {}, ...items) : element("p", { className: "au-note" }, words.none),
        );
    }
}

/**
 * Each image once, for as long as others do not push it out.
 * @param {string} source
 */
function load(source) {
    let image = loaded.get(source);
    if (!image) {
        image = decoded(source);
        loaded.set(source, image);
        image.catch(() => loaded.delete(source));
        const [oldest] = loaded.keys();
        if (loaded.size > MOST_LOADED) loaded.delete(oldest);
    }
    return image;
}

/** @param {string} source */
async function decoded(source) {
    const image = element("img", { src: source });
    await image.decode();
    return image;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLImageElement} image
 * @param {number[]} box top, left, height and width, in pixels of the network's picture
 * @param {number[]} size of that picture
 */
function cut(canvas, image, [top, left, height, width], [tall, wide]) {
    const context = canvas.getContext("2d");
    if (!context) return;
    const scale = SIDE / Math.max(height, width),
        x = (SIDE - width * scale) / 2 - left * scale,
        y = (SIDE - height * scale) / 2 - top * scale;
    context.save();
    context.beginPath();
    context.rect((SIDE - width * scale) / 2, (SIDE - height * scale) / 2, width * scale, height * scale);
    context.clip();
    context.drawImage(image, x, y, wide * scale, tall * scale);
    if (top < 0 || left < 0 || top + height > tall || left + width > wide) {
        context.strokeStyle = getComputedStyle(canvas).color;
        context.lineWidth = 2;
        context.setLineDash([6, 4]);
        context.strokeRect(x, y, wide * scale, tall * scale);
    }
    context.restore();
}
