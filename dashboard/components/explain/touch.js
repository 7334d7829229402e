// Touching the picture: what a brush or a box masks is sent to the server while one draws, one question at a time, and
// the classes' probabilities and the score move.

/**
 * @import { ClassChange, ExplainData, Frame, TouchAnswer } from "../messages.js"
 * @import { Place } from "./mask.js"
 * @import { Picture } from "./picture.js"
 */

import { cell, element, show } from "../parts/element.js";
import { Newest } from "../parts/newest.js";
import { number, percent } from "../parts/numbers.js";
import { moved } from "./crop.js";
import { Flip } from "./flip.js";
import { between, Mask } from "./mask.js";
import { recallMask, rememberMask } from "./memory.js";
import { Tools } from "./tools.js";

/** @type {{ [key: string]: [down: number, right: number] }} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const STEP = 0.02; // of the picture's height
const PATIENCE = 20_000; // ms
const HINT = "ax-touch-hint";
const KEYS = "Arrow keys move a box, Shift and arrow keys resize it, Enter masks it, Delete clears all.";

/** @typedef {{ mask: string, fill: string, picture: boolean }} Question */

export class Touch {
    /** @type {Place | null} where the pointer was last while it draws */
    last = null;
    /** @type {Place | null} where a box begins */
    start = null;
    /** @type {Newest<Question>} */
    newest = new Newest((question) => this.#ask(question));
    answers = 0;
    shown = false;
    told = false; // whether the server knows a mask

    /**
     * @param {ExplainData} data
     * @param {(changes: ClassChange[] | null) => void} change
     */
    constructor({ door, image, size, frame, flip, searched }, change) {
        const [height, width] = size;
        this.address = `${door}/touch`;
        this.frame = frame;
        this.version = image.version;
        this.change = change;
        this.mask = new Mask(height, width);
        const kept = recallMask(this.#seen());
        if (kept) this.mask.unpack(kept);
        this.size = { height, width };
        /** @type {Frame} the box of the keyboard, or the one that is drawn */
        this.box = [Math.round(height * 0.375), Math.round(width * 0.375), height >> 2, width >> 2];
        this.tools = new Tools({ clear: () => this.clear(), filled: () => this.send() });
        this.picture = element("canvas", { height, width, "aria-hidden": "true" });
        this.veil = element("canvas", { className: "ax-veil", height, width, "aria-hidden": "true" });
        this.covered = element("img", { alt: "", hidden: true, draggable: false, "data-testid": "covered" });
        this.outline = element("div", { className: "ax-box", hidden: true });
        this.stage = this.#stage(width / height);
        this.words = cell("shown", {
            className: "ax-note ax-kept",
            "aria-live": "polite",
            "data-testid": "touch-score",
        });
        const hint = element("p", { className: "ax-hint", id: HINT }, `Draw on the picture. ${KEYS}`);
        this.flip = new Flip(door, searched, {
            fill: () => this.tools.value.fill,
            show: (mask) => this.#put(mask),
            settle: () => this.send(),
        });
        this.flip.node.hidden = !flip;
        const parts = [this.stage, this.words, this.tools.node, this.flip.node, hint];
        this.node = element("div", { className: "ax-touch" }, ...parts);
    }

    /** Tells what is masked from other images, and other parts of this one. */
    #seen() {
        return [this.version, this.frame, this.mask.height, this.mask.width].join();
    }

    /** @param {number} proportions */
    #stage(proportions) {
        const node = element(
            "div",
            {
                className: "ax-stage ax-drawing",
                "data-testid": "drawing",
                tabIndex: 0,
                role: "application",
                "aria-roledescription": "drawing",
                "aria-label": "what the network sees: draw to mask it",
                "aria-describedby": HINT,
            },
            this.picture,
            this.covered,
            this.veil,
            this.outline,
        );
        node.style.setProperty("--ax-ratio", String(proportions));
        node.addEventListener("pointerdown", (event) => this.#begin(event));
        node.addEventListener("pointermove", (event) => this.#draw(event));
        for (const end of ["pointerup", "pointercancel"]) node.addEventListener(end, () => this.#end());
        node.addEventListener("keydown", (event) => this.#key(event));
        node.addEventListener("blur", () => (this.outline.hidden = true));
        return node;
    }

    /**
     * What the network sees; of another picture nothing is masked.
     * @param {Picture} picture
     * @param {Frame} frame
     */
    cut(picture, frame) {
        picture.cut(this.picture, frame);
        if (frame.join() === this.frame.join()) return;
        this.frame = frame;
        this.clear();
    }

    /**
     * Where a pointer is, in pixels of the network's picture.
     * @param {PointerEvent} event
     * @returns {Place}
     */
    #at({ clientX, clientY }) {
        const { left, top, width } = this.stage.getBoundingClientRect(),
            scale = this.size.width / width;
        return [(clientY - top) * scale, (clientX - left) * scale];
    }

    /** @param {PointerEvent} event */
    #begin(event) {
        if (event.button) return;
        this.stage.setPointerCapture(event.pointerId);
        this.last = this.start = this.#at(event);
        this.#draw(event);
    }

    /** @param {PointerEvent} event */
    #draw(event) {
        if (!this.last || !this.start) return;
        const at = this.#at(event),
            { shape, diameter } = this.tools.value;
        if (shape === "box") return this.#show(between(this.start, at));
        this.mask.stroke(this.last, at, diameter / 2, this.tools.hide);
        this.last = at;
        this.send();
    }

    #end() {
        if (!this.last) return;
        if (this.tools.value.shape === "box") this.#maskBox();
        this.last = this.start = null;
        this.outline.hidden = true;
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        const arrow = ARROWS[event.key];
        if (!arrow && !["Enter", " ", "Delete", "Backspace"].includes(event.key)) return;
        event.preventDefault();
        if (event.key === "Delete" || event.key === "Backspace") return this.clear();
        if (!arrow) return this.#maskBox();
        const step = Math.max(1, Math.round(STEP * this.size.height)),
            [down, right] = arrow.map((direction) => direction * step);
        if (!event.shiftKey) return this.#show(moved(this.box, this.size, down, right));
        this.#show(resized(this.box, this.size, down, right));
    }

    /** @param {Frame} box */
    #show(box) {
        this.box = box;
        const [top, left, height, width] = box;
        Object.assign(this.outline.style, {
            top: `${(100 * top) / this.size.height}%`,
            left: `${(100 * left) / this.size.width}%`,
            height: `${(100 * height) / this.size.height}%`,
            width: `${(100 * width) / this.size.width}%`,
        });
        this.outline.hidden = false;
    }

    #maskBox() {
        this.mask.box(this.box, this.tools.hide);
        this.send();
    }

    /**
     * While it is out of sight nothing is masked, though what was drawn stays.
     * @param {boolean} shown
     */
    turn(shown) {
        this.shown = shown;
        this.node.hidden = !shown;
        this.send();
    }

    /**
     * Masks what the server has found.
     * @param {string} mask
     */
    #put(mask) {
        this.mask.unpack(mask);
        this.#veil();
    }

    clear() {
        this.mask.clear();
        this.send();
    }

    /** What is masked now; with nothing masked, all is as before. */
    send() {
        this.#veil();
        const mask = this.mask.empty ? "" : this.mask.packed();
        if (this.shown) rememberMask(this.#seen(), mask);
        const { fill, look } = this.tools.value;
        if (this.#asks) {
            this.told = true;
            this.newest.put({ mask, fill, picture: look });
            return;
        }
        // The server hears that nothing is masked any more: a lesson judges by it.
        if (this.told) this.newest.put({ mask: this.mask.packed(), fill, picture: false });
        else this.newest.forget();
        this.told = false;
        this.change(null);
        show(this.words, "");
    }

    get #asks() {
        return this.shown && !this.mask.empty;
    }

    /** Where it is masked; the picture as the network has it stands in its place once that has come. */
    #veil() {
        const seen = this.#asks && this.tools.value.look;
        if (!seen) this.covered.hidden = true;
        this.veil.hidden = seen && !this.covered.hidden;
        const { height, width, hidden } = this.mask,
            pixels = new Uint8ClampedArray(4 * hidden.length);
        hidden.forEach((one, i) => one && pixels.set([255, 0, 160, 150], 4 * i));
        this.veil.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
    }

    /** @param {Question} question */
    async #ask(question) {
        let problem = "The server did not answer.";
        try {
            const answer = await fetch(this.address, {
                method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify(question),
                signal: AbortSignal.timeout(PATIENCE),
            });
            const said = await answer.json();
            if (answer.ok) return this.#receive(said);
            problem = said.error;
        } catch (error) {
            console.info("explain:", error);
        }
        show(this.words, problem);
    }

    /** @param {TouchAnswer} answer */
    #receive({ score, before, classes, picture }) {
        if (!this.#asks) return;
        if (picture && this.tools.value.look) {
            this.covered.src = `data:image/jpeg;base64,${picture}`;
            this.covered.hidden = false;
            this.veil.hidden = true;
        }
        this.stage.dataset.answers = String(++this.answers);
        this.change(classes);
        const moved = score !== null && before !== null ? `score ${number(before)} → ${number(score)}, ` : "";
        show(this.words, `${moved}${percent(this.mask.share)} of the picture masked`);
    }

    close() {
        this.flip.close();
        this.newest.forget();
    }
}

/**
 * The box higher and wider by so much, its top left corner where it is.
 * @param {Frame} box
 * @param {{ height: number, width: number }} size
 * @param {number} down
 * @param {number} right
 * @returns {Frame}
 */
function resized([top, left, height, width], size, down, right) {
    const within = (/** @type {number} */ side, /** @type {number} */ most) => Math.max(1, Math.min(most, side));
    return [top, left, within(height + down, size.height - top), within(width + right, size.width - left)];
}
