// A map over what the network saw: how strongly it covers it, and which place one points to.

/**
 * @import { MapHeader } from "../messages.js"
 * @import { Colours } from "./colours.js"
 */

import { element, show } from "./element.js";

/** @typedef {{ x: number, y: number }} Spot a place in the picture, 0 to 1 from its left and from its top */

/** @type {{ [key: string]: [right: number, down: number] }} */
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const STEP = 1 / 56;

export class Overlay {
    /** @type {Spot | null} */
    spot = null;

    /**
     * @param {string} title
     * @param {[height: number, width: number]} size
     * @param {(spot: Spot | null) => void} point what is pointed to, in all maps
     */
    constructor(title, [height, width], point) {
        this.point = point;
        this.picture = element("canvas", { height, width, "aria-hidden": "true" });
        this.map = element("canvas", { className: "ax-map", height: 0, width: 0, "data-testid": "map" });
        this.marker = element("div", { className: "ax-marker", hidden: true });
        this.words = element("span", { className: "ax-words", "data-testid": "words", role: "status" });
        this.node = element(
            "div",
            {
                className: "ax-over",
                tabIndex: 0,
                role: "application",
                "aria-roledescription": "map",
                "aria-label": `values of ${title}: arrow keys point to a place`,
                "data-testid": "overlay",
            },
            this.picture,
            this.map,
            this.marker,
            this.words,
        );
        this.node.style.aspectRatio = `${width} / ${height}`;
        this.#listen();
    }

    #listen() {
        const { node } = this;
        for (const name of /** @type {const} */ (["pointermove", "pointerdown"]))
            node.addEventListener(name, (event) => this.point(this.#at(event)));
        // A finger leaves when it is lifted: what it has pointed to stays until it points elsewhere.
        node.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.point(null));
        node.addEventListener("blur", () => this.point(null));
        node.addEventListener("keydown", (event) => {
            const arrow = ARROWS[event.key];
            if (!arrow || event.altKey || event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            const { x, y } = this.spot ?? { x: 0.5, y: 0.5 };
            this.point({ x: within(x + arrow[0] * STEP), y: within(y + arrow[1] * STEP) });
        });
    }

    /** @param {PointerEvent} event */
    #at({ clientX, clientY }) {
        const { left, top, width, height } = this.node.getBoundingClientRect();
        return { x: within((clientX - left) / width), y: within((clientY - top) / height) };
    }

    get focused() {
        return document.activeElement === this.node;
    }

    /**
     * Shows where one points, on this map or on another one.
     * @param {Spot | null} spot
     */
    mark(spot) {
        this.spot = spot;
        this.marker.hidden = spot === null;
        if (spot) Object.assign(this.marker.style, { left: `${100 * spot.x}%`, top: `${100 * spot.y}%` });
    }

    /**
     * Words stand in place of a map that would mislead.
     * @param {{ header: Pick<MapHeader, "height" | "width" | "signed" | "words" | "error">, values: Int8Array }} news
     * @param {Colours} colours
     */
    draw({ header, values }, colours) {
        const { height, width, signed, words, error } = header;
        this.map.hidden = Boolean(words);
        show(this.words, error || words);
        if (!values.length) return;
        Object.assign(this.map, { height, width });
        const pixels = new ImageData(colours.pixels(values, signed), width, height);
        this.map.getContext("2d")?.putImageData(pixels, 0, 0);
    }
}

/** @param {number} share */
const within = (share) => Math.max(0, Math.min(1, share));
