// One picture as large as the window: Escape, a click or Enter closes it, and the focus goes back to where it was.

import { element } from "../parts/element.js";

export class Large {
    constructor() {
        this.canvas = element("canvas", { role: "img" });
        const close = element(
            "button",
            { type: "button", title: "Close (Escape)", "aria-label": "close" },
            this.canvas,
        );
        this.node = element(
            "dialog",
            { className: "av-large", "data-testid": "large", "aria-label": "the picture, large" },
            close,
        );
        close.addEventListener("click", () => this.node.close());
    }

    // Follows the canvas while it is open.
    open(canvas) {
        this.source = canvas;
        this.canvas.setAttribute("aria-label", canvas.getAttribute("aria-label") ?? "");
        this.node.showModal();
        this.draw(canvas);
    }

    draw(canvas) {
        if (!this.node.open || canvas !== this.source) return;
        Object.assign(this.canvas, { width: canvas.width, height: canvas.height });
        this.canvas.getContext("2d").drawImage(canvas, 0, 0);
    }
}
