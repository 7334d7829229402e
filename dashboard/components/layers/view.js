// The sheet on the page: one canvas, on which only what is in sight is drawn. It is scrolled, pointed to and walked
// through by keys.

/**
 * @import { Grid } from "./grid.js"
 * @import { Cell, Sheet } from "./sheet.js"
 */

import { element } from "../parts/element.js";
import { goal } from "../parts/goal.js";
import { beside } from "../parts/numbers.js";
import { themeOf, watchTheme } from "../parts/theme.js";
import { cornerOf, gridOf, hit, seen } from "./grid.js";
import { Bitmap } from "./paint.js";
import { fitted, inkOn, isSingle, layoutOf } from "./single.js";
import { STRONGEST } from "./strongest.js";
import { largest } from "./words.js";

/**
 * @typedef {object} Shown
 * @property {Sheet} sheet
 * @property {number[]} order the channels
 * @property {ArrayLike<number>} numbers what stands beside each channel's
 * @property {ArrayLike<number>} scales the value at the end of the colours for each channel
 * @property {number | null} chosen the channel that is looked at
 */

/**
 * @typedef {object} Picked
 * @property {(cell: Cell | null) => void} point a place that is pointed to; null: none
 * @property {(channel: number) => void} pass a channel that the keys have come to
 * @property {(channel: number) => void} choose
 */

const ROOM = 56; // px, for two numbers below a map

export class View {
    /** @type {Shown | null} */
    shown = null;
    /** @type {Grid} */
    grid = gridOf({ width: 1, height: 1 }, 0, 1);
    /** @type {number | null} the channel that the keys are on */
    cursor = null;
    /** @type {number | null} the channel that is pointed to */
    hovered = null;
    largest = 0; // of all values that are shown
    drawing = 0;
    /** how often it was drawn */
    drawn = 0;

    /**
     * @param {Uint8Array} table of colours
     * @param {Picked} picked
     */
    constructor(table, picked) {
        this.picked = picked;
        this.bitmap = new Bitmap(table);
        this.canvas = element("canvas", { className: "al-canvas", "aria-hidden": "true" });
        this.room = element("div", { className: "al-room" }, this.canvas);
        this.node = element(
            "div",
            {
                className: "al-scroll",
                tabIndex: 0,
                role: "application",
                "aria-roledescription": "sheet of feature maps",
                "aria-label": "feature maps: arrow keys go from channel to channel, Enter opens one",
                "aria-describedby": STRONGEST,
                "data-testid": "sheet",
            },
            this.room,
        );
        this.#listen();
        this.observer = new ResizeObserver(() => this.draw());
        this.observer.observe(this.node);
        this.theme = themeOf(this.node);
        this.unwatch = watchTheme(this.node, this, () => this.draw());
    }

    #listen() {
        const { node } = this;
        node.addEventListener("scroll", () => this.draw(), { passive: true });
        node.addEventListener("pointermove", (event) => this.#point(event));
        node.addEventListener("pointerleave", ({ pointerType }) => {
            this.hovered = null;
            // A finger leaves when it is lifted: what it has pointed to is told until it points elsewhere.
            if (pointerType === "mouse") this.picked.point(null);
            this.draw();
        });
        node.addEventListener("click", (event) => {
            const channel = this.#cellAt(event)?.channel;
            if (channel === undefined) return;
            this.cursor = channel;
            this.picked.choose(channel);
        });
        node.addEventListener("keydown", (event) => this.#key(event));
        node.addEventListener("focus", () => this.draw());
        node.addEventListener("blur", () => this.draw());
    }

    /**
     * @param {MouseEvent} event
     * @returns {Cell | null}
     */
    #cellAt({ clientX, clientY }) {
        if (!this.shown) return null;
        const { left, top } = this.node.getBoundingClientRect(),
            found = hit(this.grid, clientX - left, clientY - top + this.node.scrollTop);
        if (!found) return null;
        const { rows, columns } = this.shown.sheet.header,
            row = Math.min(rows - 1, Math.floor(found.y * rows)),
            column = Math.min(columns - 1, Math.floor(found.x * columns));
        return { channel: this.shown.order[found.place], row, column };
    }

    /** @param {PointerEvent} event */
    #point(event) {
        const cell = this.#cellAt(event),
            hovered = cell?.channel ?? null;
        this.node.style.cursor = cell ? "pointer" : "";
        this.picked.point(cell);
        if (hovered !== this.hovered) {
            this.hovered = hovered;
            this.draw();
        }
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        if (!this.shown || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        const { order } = this.shown,
            here = this.cursor === null ? -1 : order.indexOf(this.cursor);
        if (event.key === "Enter" && here >= 0) {
            event.preventDefault();
            return this.picked.choose(order[here]);
        }
        const to = here < 0 ? 0 : goal(event.key, here, this.grid.across, order.length - 1);
        if (to === null || goal(event.key, 0, 1, 0) === null) return;
        event.preventDefault();
        if (order[to] === undefined) return;
        this.go(order[to]);
        this.picked.pass(order[to]);
    }

    get focused() {
        return document.activeElement === this.node;
    }

    /**
     * The keys are there from now on, and it is in sight.
     * @param {number} channel
     */
    go(channel) {
        this.cursor = channel;
        const place = this.shown?.order.indexOf(channel) ?? -1;
        if (place < 0) return;
        const [, top] = cornerOf(this.grid, place),
            { scrollTop, clientHeight } = this.node;
        if (top < scrollTop) this.node.scrollTop = top;
        else if (top + this.grid.line > scrollTop + clientHeight)
            this.node.scrollTop = top + this.grid.line - clientHeight;
        this.draw();
    }

    /** @param {Shown} shown */
    show(shown) {
        const another = this.shown?.sheet.header.layer !== shown.sheet.header.layer;
        this.shown = shown;
        if (another) {
            this.node.scrollTop = 0;
            this.cursor = shown.chosen;
        }
        this.largest = largest(shown.sheet);
        this.bitmap.draw(shown.sheet, shown.scales);
        this.draw();
    }

    /** At the next turn of the screen, once. */
    draw() {
        this.drawing ||= requestAnimationFrame(() => {
            this.drawing = 0;
            this.#draw();
        });
    }

    #draw() {
        if (!this.shown) return;
        const { clientWidth: width, clientHeight: height } = this.node,
            { header } = this.shown.sheet,
            context = this.canvas.getContext("2d", { alpha: false });
        if (!width || !height || !context) return;
        this.grid = gridOf({ width: width - 8, height }, header.channels, ...layoutOf(header));
        this.room.style.height = `${Math.max(height, this.grid.total)}px`;
        this.#size(width, height);
        const theme = (this.theme = themeOf(this.node)),
            fine = devicePixelRatio,
            top = this.node.scrollTop;
        context.setTransform(fine, 0, 0, fine, 0, 0);
        context.fillStyle = theme.background;
        context.fillRect(0, 0, width, height);
        context.translate(4, 4 - top);
        context.imageSmoothingEnabled = this.grid.width * fine < header.columns;
        context.font = `12px ${theme.font}`;
        context.textBaseline = "top";
        const [first, end] = seen(this.grid, top, height);
        for (let place = first; place < end; place++) this.#tile(context, theme, place);
        this.node.dataset.drawn = String(++this.drawn);
    }

    /**
     * @param {number} width
     * @param {number} height
     */
    #size(width, height) {
        const [fineWidth, fineHeight] = [width, height].map((side) => Math.round(side * devicePixelRatio));
        if (this.canvas.width === fineWidth && this.canvas.height === fineHeight) return;
        Object.assign(this.canvas, { width: fineWidth, height: fineHeight });
        Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    }

    /**
     * @param {CanvasRenderingContext2D} context
     * @param {import("../parts/theme.js").Theme} theme
     * @param {number} place
     */
    #tile(context, theme, place) {
        const { sheet, order, numbers, chosen } = /** @type {Shown} */ (this.shown),
            { width, height } = this.grid,
            { rows, columns } = sheet.header,
            channel = order[place],
            [left, top] = cornerOf(this.grid, place),
            [fromLeft, fromTop] = this.bitmap.corner(sheet.header, channel);
        context.drawImage(this.bitmap.canvas, fromLeft, fromTop, columns, rows, left, top, width, height);
        const marked = channel === chosen,
            walked = this.focused && channel === this.cursor;
        if (marked || walked || channel === this.hovered) {
            context.lineWidth = marked ? 3 : 2;
            context.strokeStyle = marked || walked ? theme.primary : theme.text;
            context.strokeRect(left - 1, top - 1, width + 2, height + 2);
        }
        context.fillStyle = marked ? theme.primary : theme.text;
        context.textAlign = "left";
        const named = [channel, sheet.header.names[channel]].filter((part) => part !== undefined).join(" ");
        context.fillText(fitted(context, named, width), left, top + height + 3);
        if (isSingle(sheet.header)) return this.#number(context, theme, place);
        if (width < ROOM) return;
        context.globalAlpha = 0.72;
        context.textAlign = "right";
        context.fillText(beside(numbers[channel], this.largest), left + width, top + height + 3);
        context.globalAlpha = 1;
    }

    /**
     * A map of one cell: what it says, on its colour.
     * @param {CanvasRenderingContext2D} context
     * @param {import("../parts/theme.js").Theme} theme
     * @param {number} place
     */
    #number(context, theme, place) {
        const { sheet, order, numbers } = /** @type {Shown} */ (this.shown),
            { width, height } = this.grid,
            [left, top] = cornerOf(this.grid, place);
        context.save();
        context.font = `15px ${theme.font}`;
        context.textAlign = "center";
        context.textBaseline = "middle";
        context.fillStyle = inkOn(this.bitmap.colour(sheet.header, order[place]));
        context.fillText(beside(numbers[order[place]], this.largest), left + width / 2, top + height / 2);
        context.restore();
    }

    close() {
        this.unwatch();
        cancelAnimationFrame(this.drawing);
        this.observer.disconnect();
    }
}
