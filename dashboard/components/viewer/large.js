// One picture as large as the window: Escape, a click or Enter closes it, and the focus goes back to where it was.

/** @import { Words } from "./words.js" */

import { element } from "../parts/element.js";

export class Large {
    /** @type {HTMLCanvasElement | null} what is shown large, or was */
    source = null;

    /** @param {Words} words */
    constructor(words) {
        this.canvas = element("canvas", { role: "img" });
        const properties = { type: "button", title: words.close_hint, "aria-label": words.close };
        const close = element("button", properties, this.canvas);
        this.node = element(
            "dialog",
            { className: "av-large", "data-testid": "large", "aria-label": words.large },
            close,
        );
        close.addEventListener("click", () => this.node.close());
    }

    /**
     * Follows the canvas while it is open.
     * @param {HTMLCanvasElement} canvas
     */
    open(canvas) {
        this.source = canvas;
        this.canvas.setAttribute("aria-label", canvas.getAttribute("aria-label") ?? "");
        this.node.showModal();
        this.draw(canvas);
    }

    /** @param {HTMLCanvasElement} canvas */
    draw(canvas) {
        if (!this.node.open || canvas !== this.source) return;
        Object.assign(this.canvas, { width: canvas.width, height: canvas.height });
        this.canvas.getContext("2d")?.drawImage(canvas, 0, 0);
    }
}
