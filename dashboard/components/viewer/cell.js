// A picture of a run: its canvas, and under it its name and score.

/**
 * @import { Wanted } from "./wanted.js"
 * @import { Words } from "./words.js"
 */

import { element, show } from "../parts/element.js";
import { filled } from "../parts/filled.js";

export class Cell {
    id = "";
    run = "";
    image = 0;
    name = "";
    /** @type {HTMLElement | null} another picture over the run's */
    cover = null;

    /**
     * @param {Words} words
     * @param {(cell: Cell) => void} clicked
     */
    constructor(words, clicked) {
        this.said = words;
        this.canvas = element("canvas", { width: 1, height: 1, role: "img" });
        this.button = element("button", { type: "button", className: "av-alone-button" });
        this.button.addEventListener("click", () => clicked(this));
        this.swatch = element("span", { className: "av-swatch" });
        this.score = element("span", { className: "av-score" });
        this.words = element("span");
        this.caption = element("span", { className: "av-caption" }, element("span", {}, this.swatch, this.words));
        this.node = element(
            "figure",
            { className: "av-cell" },
            element("div", { className: "av-picture" }, this.canvas, this.button),
            element("figcaption", {}, this.caption, this.score),
        );
    }

    get context() {
        return /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    }

    /**
     * Takes the cell for a picture; what another run has left in it stays, dimmed.
     * @param {Wanted} wanted
     */
    take({ id, run, image, caption }) {
        Object.assign(this, { run, image, name: caption });
        if (this.caption.title !== caption) this.caption.title = caption;
        if (id === this.id) return;
        this.id = id;
        this.node.classList.toggle("av-before", this.canvas.width > 1);
        this.uncover();
        this.canvas.removeAttribute("aria-label");
        show(this.score, "");
    }

    /**
     * @param {Wanted} wanted
     * @param {number} index its place
     * @param {boolean} lone whether it is the only one
     * @param {boolean} swept whether it is one of a sweep, whose headings say the rest
     */
    label({ caption, words, colour }, index, lone, swept) {
        const { said } = this,
            name = caption || said.picture,
            large = lone ? said.show_large : filled(said.show_alone, { name });
        show(this.words, swept || lone ? "" : words);
        this.button.setAttribute("aria-label", swept ? filled(said.choose, { name: caption }) : large);
        this.canvas.dataset.testid = `picture-${index}`;
        this.score.dataset.testid = `score-${index}`;
        this.swatch.hidden = lone || swept || !colour;
        if (colour) this.swatch.style.background = colour;
    }

    /**
     * Whether its size has changed with it.
     * @param {ImageBitmap} bitmap
     */
    draw(bitmap) {
        const { canvas } = this,
            resized = canvas.width !== bitmap.width || canvas.height !== bitmap.height;
        if (resized) Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
        this.context.drawImage(bitmap, 0, 0);
        this.freshen();
        return resized;
    }

    freshen() {
        this.node.classList.remove("av-before");
    }

    clear() {
        this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
        this.freshen();
    }

    /**
     * |first - second|, brightened so that small differences show. The context is left as it was: the cell may become
     * another's.
     * @param {HTMLCanvasElement} first
     * @param {HTMLCanvasElement} second
     */
    subtract(first, second) {
        const { canvas, context } = this;
        Object.assign(canvas, { width: first.width, height: first.height });
        context.drawImage(first, 0, 0);
        context.globalCompositeOperation = "difference";
        context.drawImage(second, 0, 0, canvas.width, canvas.height);
        context.globalCompositeOperation = "lighter";
        context.drawImage(canvas, 0, 0);
        context.globalCompositeOperation = "source-over";
        this.freshen();
    }

    /**
     * Another picture over the run's, until it is uncovered. The canvas never holds it.
     * @param {HTMLImageElement} image
     * @param {string} words
     */
    preview(image, words) {
        this.cover = element(
            "div",
            { className: "av-preview", "data-testid": "preview" },
            image,
            element("span", {}, words),
        );
        this.canvas.after(this.cover);
    }

    uncover() {
        this.cover?.remove();
        this.cover = null;
    }

    /** @param {string} text for those who cannot see it */
    describe(text) {
        if (this.canvas.getAttribute("aria-label") !== text) this.canvas.setAttribute("aria-label", text);
    }

    /** @param {number} width px */
    resize(width) {
        const { canvas } = this;
        canvas.style.width = `${width}px`;
        canvas.style.height = `${Math.round((width * canvas.height) / canvas.width)}px`;
    }
}
