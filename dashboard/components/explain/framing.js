// The frame on the image: what the network sees, to be moved and resized by pointer and keys. The page hears of it when
// a gesture ends.

/**
 * @import { ExplainData, Frame } from "../messages.js"
 * @import { Corner } from "./crop.js"
 * @import { Picture } from "./picture.js"
 */

import { cell, element, show } from "../parts/element.js";
import { exact, grown, moved, pulled } from "./crop.js";
import { frameWords } from "./words.js";

/** @type {Corner[]} */
const CORNERS = ["nw", "ne", "sw", "se"];
/** @type {{ [key: string]: [down: number, right: number] }} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const STEP = 0.01; // of the image's longer side
const CALM = 400; // ms without a key that end a gesture of keys
const HINT = "ax-frame-hint";

/** @typedef {{ corner: Corner | null, row: number, column: number, frame: Frame }} Grip where it was taken hold of */

export class Framing {
    /** @type {Grip | null} */
    grip = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    calm = undefined;

    /**
     * @param {ExplainData} data
     * @param {Picture} picture
     * @param {(frame: Frame) => void} tell
     */
    constructor(data, picture, tell) {
        this.image = data.image;
        this.size = { height: data.size[0], width: data.size[1] };
        this.fixed = exact(this.image, this.size);
        this.frame = this.told = data.frame;
        this.tell = tell;
        this.rectangle = this.#rectangle();
        this.stage = element("div", { className: "ax-stage", "data-testid": "stage" }, picture.image, this.rectangle);
        this.stage.style.setProperty("--ax-ratio", String(this.image.width / this.image.height));
        this.words = cell("shown", { className: "ax-note", "data-testid": "frame-words", "aria-live": "polite" });
        this.node = element("div", { className: "ax-framing" }, this.stage, this.words);
        if (!this.fixed) this.node.append(this.#hint());
        this.place(this.frame);
    }

    #rectangle() {
        const handles = CORNERS.map((corner) =>
            element("span", { className: `ax-handle ax-${corner}`, "data-corner": corner, "data-testid": corner }),
        );
        const node = element(
            "div",
            {
                className: "ax-frame",
                "data-testid": "frame",
                role: "application",
                "aria-roledescription": "movable frame",
                "aria-label": "what the network sees of your image",
                "aria-describedby": HINT,
            },
            ...handles,
        );
        node.hidden = this.fixed;
        if (this.fixed) return node;
        node.tabIndex = 0;
        node.addEventListener("pointerdown", (event) => this.#take(event));
        node.addEventListener("pointermove", (event) => this.#drag(event));
        for (const end of ["pointerup", "pointercancel"]) node.addEventListener(end, () => this.#settle());
        node.addEventListener("keydown", (event) => this.#key(event));
        node.addEventListener("blur", () => this.#settle());
        return node;
    }

    #hint() {
        const text = "Drag the frame or its corners. Arrow keys move it, Shift and arrow keys resize it.";
        return element("p", { className: "ax-hint", id: HINT }, text);
    }

    /**
     * What the page says, unless somebody moves the frame meanwhile.
     * @param {Frame} frame
     */
    hear(frame) {
        if (this.grip || this.calm) return;
        this.told = frame;
        this.place(frame);
    }

    /** @param {Frame} frame */
    place(frame) {
        this.frame = frame;
        const [top, left, height, width] = frame,
            { image, rectangle } = this;
        Object.assign(rectangle.style, {
            top: `${(100 * top) / image.height}%`,
            left: `${(100 * left) / image.width}%`,
            height: `${(100 * height) / image.height}%`,
            width: `${(100 * width) / image.width}%`,
            // A finger that cannot move the frame up or down scrolls the page.
            touchAction: height < image.height ? "none" : width < image.width ? "pan-y" : "auto",
        });
        rectangle.dataset.frame = frame.join();
        show(this.words, this.fixed ? "Used as it is: the size that the network takes." : frameWords(frame, image));
    }

    /**
     * Where a pointer is, in pixels of the image.
     * @param {PointerEvent} event
     * @returns {[row: number, column: number]}
     */
    #at({ clientX, clientY }) {
        const { left, top, width } = this.stage.getBoundingClientRect(),
            scale = this.image.width / width;
        return [(clientY - top) * scale, (clientX - left) * scale];
    }

    /** @param {PointerEvent} event */
    #take(event) {
        if (event.button || this.grip) return;
        const { target, pointerId } = event,
            corner = target instanceof HTMLElement ? /** @type {Corner} */ (target.dataset.corner ?? null) : null,
            [row, column] = this.#at(event);
        this.grip = { corner, row, column, frame: this.frame };
        this.rectangle.setPointerCapture(pointerId);
    }

    /** @param {PointerEvent} event */
    #drag(event) {
        if (!this.grip) return;
        const { corner, row, column, frame } = this.grip,
            at = this.#at(event),
            [down, right] = [at[0] - row, at[1] - column];
        if (corner) this.place(pulled(frame, this.image, this.size, corner, down, right));
        else this.place(moved(frame, this.image, down, right));
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        const arrow = ARROWS[event.key];
        if (!arrow || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        const step = Math.max(1, Math.round(STEP * Math.max(this.image.height, this.image.width))),
            [down, right] = arrow.map((direction) => direction * step);
        clearTimeout(this.calm);
        this.calm = setTimeout(() => this.#settle(), CALM);
        if (event.shiftKey) this.place(grown(this.frame, this.image, this.size, 2 * (down + right)));
        else this.place(moved(this.frame, this.image, down, right));
    }

    #settle() {
        clearTimeout(this.calm);
        this.grip = null;
        this.calm = undefined;
        if (this.frame.join() === this.told.join()) return;
        this.told = this.frame;
        this.tell(this.frame);
    }

    close() {
        clearTimeout(this.calm);
    }
}
