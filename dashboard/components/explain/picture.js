// The visitor's image, and what the network sees of it.

/** @import { ExplainData, Frame } from "../messages.js" */

import { element } from "../parts/element.js";

export class Picture {
    /**
     * @param {ExplainData} data
     * @param {() => void} loaded
     */
    constructor({ door, image }, loaded) {
        this.size = image;
        this.image = element("img", { className: "ax-image", alt: "your image", draggable: false });
        this.image.addEventListener("load", loaded);
        this.image.src = `${door}/image.jpg?v=${encodeURIComponent(image.version)}`;
    }

    get loaded() {
        return this.image.complete && this.image.naturalWidth > 0;
    }

    /**
     * Draws what lies in the frame, as large as the canvas.
     * @param {HTMLCanvasElement} canvas
     * @param {Frame} frame
     */
    cut(canvas, [top, left, height, width]) {
        const context = canvas.getContext("2d");
        if (!context || !this.loaded) return;
        const scale = this.image.naturalWidth / this.size.width; // a large image comes smaller
        context.imageSmoothingQuality = "high";
        const from = [left, top, width, height].map((side) => side * scale);
        context.drawImage(this.image, from[0], from[1], from[2], from[3], 0, 0, canvas.width, canvas.height);
    }
}
