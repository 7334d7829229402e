// The wall: every member's newest picture on one canvas, and the same members as buttons for keyboard and reader.

/** @import { WallTile } from "../messages.js" */

import { element } from "../parts/element.js";
import { themeOf, watchTheme } from "../parts/theme.js";
import { SHOWN, tileWords } from "./words.js";

const PICTURE = 96,
    WIDTH = 132,
    HEIGHT = 148; // pixels
const GAP = (WIDTH - PICTURE) / 2;

/** @typedef {{ tile: WallTile, picture: ImageBitmap | null }} Shown */

export class Tiles {
    /** @type {Map<string, Shown>} */
    members = new Map();
    across = 1;
    chosen = "";

    /** @param {(id: string) => void} choose */
    constructor(choose) {
        this.choose = choose;
        this.canvas = element("canvas", { className: "ac-wall", role: "img", "data-testid": "wall" });
        this.canvas.addEventListener("click", (event) => this.#click(event));
        this.list = element("ul", { className: "ac-list", "data-testid": "roster" });
        this.empty = element("p", { className: "ac-note" }, "Nobody has joined yet.");
        const folded = element("details", {}, element("summary", {}, "The members as a list"), this.list);
        this.root = element("div", {}, this.empty, this.canvas, folded);
        this.observer = new ResizeObserver(() => this.draw());
        this.observer.observe(this.root);
        this.theme = themeOf(this.root);
        this.unwatch = watchTheme(this.root, this, () => this.draw());
    }

    /**
     * @param {WallTile[]} tiles
     * @param {string[]} gone
     * @param {Blob[]} pictures of the tiles that say so, in their order
     * @param {string} chosen whose picture is shown to all; "": nobody's
     */
    async update(tiles, gone, pictures, chosen) {
        this.chosen = chosen;
        for (const id of gone) this.members.delete(id);
        const bitmaps = await Promise.all(pictures.map((picture) => createImageBitmap(picture)));
        for (const tile of tiles) {
            const before = this.members.get(tile.id)?.picture ?? null,
                stays = tile.there && !tile.pictured;
            if (!stays) before?.close();
            this.members.set(tile.id, { tile, picture: stays ? before : (tile.pictured && bitmaps.shift()) || null });
        }
        this.draw();
        this.#write();
    }

    get shown() {
        return [...this.members.values()].sort((one, other) => one.tile.seat - other.tile.seat);
    }

    draw() {
        const { shown, canvas } = this,
            ratio = devicePixelRatio || 1,
            width = Math.max(this.root.clientWidth, WIDTH);
        this.across = Math.max(1, Math.floor(width / WIDTH));
        const height = Math.ceil(shown.length / this.across) * HEIGHT;
        Object.assign(canvas, { width: width * ratio, height: height * ratio });
        Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
        canvas.setAttribute("aria-label", `The newest pictures of ${shown.length} members`);
        canvas.hidden = !shown.length;
        this.empty.hidden = shown.length > 0;
        const context = canvas.getContext("2d");
        if (!context) return;
        context.scale(ratio, ratio);
        this.theme = themeOf(this.root);
        shown.forEach((one, index) => this.#paint(context, this.theme, one, index));
    }

    /**
     * @param {CanvasRenderingContext2D} context
     * @param {import("../parts/theme.js").Theme} theme
     * @param {Shown} one
     * @param {number} index
     */
    #paint(context, theme, { tile, picture }, index) {
        const left = (index % this.across) * WIDTH,
            top = Math.floor(index / this.across) * HEIGHT;
        context.globalAlpha = tile.connected ? 1 : 0.4;
        context.strokeStyle = theme.border;
        context.strokeRect(left + GAP - 0.5, top + 0.5, PICTURE + 1, PICTURE + 1);
        if (picture && !tile.covered) {
            const scale = PICTURE / Math.max(picture.width, picture.height),
                [wide, high] = [picture.width * scale, picture.height * scale];
            context.drawImage(picture, left + GAP + (PICTURE - wide) / 2, top + (PICTURE - high) / 2 + 1, wide, high);
        }
        context.globalAlpha = tile.connected ? 1 : 0.65;
        context.textAlign = "center";
        if (tile.id === this.chosen) this.#mark(context, theme, left, top);
        context.fillStyle = theme.text;
        for (const [line, text] of tileWords(tile).entries()) {
            context.font = `${line ? 11 : 13}px ${theme.font}`;
            context.fillText(text, left + WIDTH / 2, top + PICTURE + 17 + 15 * line, WIDTH - 6);
        }
        context.globalAlpha = 1;
    }

    /**
     * A frame, and words at the picture's lower edge.
     * @param {CanvasRenderingContext2D} context
     * @param {import("../parts/theme.js").Theme} theme
     * @param {number} left
     * @param {number} top
     */
    #mark(context, theme, left, top) {
        context.strokeStyle = context.fillStyle = theme.text;
        context.lineWidth = 3;
        context.strokeRect(left + GAP - 1.5, top + 1.5, PICTURE + 3, PICTURE - 1);
        context.lineWidth = 1;
        context.fillRect(left + GAP - 3, top + PICTURE - 18, PICTURE + 6, 19);
        context.fillStyle = theme.background;
        context.font = `600 12px ${theme.font}`;
        context.fillText(SHOWN, left + WIDTH / 2, top + PICTURE - 5);
    }

    #write() {
        const focused = document.activeElement?.getAttribute("data-member");
        this.list.replaceChildren(
            ...this.shown.map(({ tile }) => {
                const chosen = tile.id === this.chosen,
                    words = [...tileWords(tile), chosen ? SHOWN : ""].filter(Boolean),
                    act = chosen ? "Stop showing" : "Show to all";
                const button = element("button", { type: "button", className: "ac-button" }, act);
                button.dataset.member = tile.id;
                button.addEventListener("click", () => this.choose(tile.id));
                return element("li", {}, `${words.join(", ")} `, button);
            }),
        );
        if (focused) /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-member="${focused}"]`))?.focus();
    }

    /** @param {MouseEvent} event */
    #click({ offsetX, offsetY }) {
        const column = Math.floor(offsetX / WIDTH),
            index = Math.floor(offsetY / HEIGHT) * this.across + column;
        const one = column < this.across ? this.shown[index] : undefined;
        if (one) this.choose(one.tile.id);
    }

    close() {
        this.unwatch();
        this.observer.disconnect();
        for (const { picture } of this.members.values()) picture?.close();
    }
}
