// Small pictures of the blocks, asked for in the background once the page is there, while they are made and somebody
// looks.

/** @import { BlockPictures } from "../messages.js" */

const OFTEN = 2000,
    SELDOM = 4000; // ms between two questions

/**
 * @typedef {object} Picture
 * @property {number} channel
 * @property {string} source its address, with a version, so that the browser keeps it; "": there is none
 * @property {string} words why there is none
 */

export class Pictures {
    /** @type {Map<string, Picture>} by layer */
    known = new Map();
    door = "";
    version = 0;
    count = 0;
    /** @type {BlockPictures["status"] | "unknown"} */
    status = "unknown";
    /** whether they are made unasked */
    makes = false;
    /** whether the visitor has asked for them */
    asked = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    timer = undefined;

    /**
     * @param {() => number} near the block that somebody looks at
     * @param {() => void} changed
     */
    constructor(near, changed) {
        this.near = near;
        this.changed = changed;
    }

    /**
     * Another network's, or the same as before.
     * @param {string} door
     * @param {boolean} makes
     */
    turn(door, makes) {
        this.makes = makes;
        if (door === this.door) return;
        this.door = door;
        this.known.clear();
        this.version = this.count = 0;
        this.status = "unknown";
        this.asked = false;
        this.changed();
        this.#later(0);
    }

    /** The visitor wants them made. */
    make() {
        this.asked = true;
        this.#later(0);
    }

    /** Whether the visitor may ask for them: they are not made by themselves. */
    get offered() {
        return this.status === "off" && !this.makes && !this.asked;
    }

    /** @param {number} wait */
    #later(wait) {
        clearTimeout(this.timer);
        // After what the page needs first.
        this.timer = setTimeout(() => requestIdleCallback(() => this.#ask(), { timeout: OFTEN }), wait);
    }

    async #ask() {
        const { door } = this;
        if (!door) return;
        if (document.visibilityState === "hidden") {
            this.#later(OFTEN);
            return;
        }
        const make = this.makes || this.asked ? 1 : 0,
            question = new URLSearchParams({ since: `${this.version}`, near: `${this.near()}`, make: `${make}` });
        const answer = await fetch(`${door}state?${question}`).catch(() => null);
        if (door !== this.door) return;
        if (answer?.ok) this.#take(await answer.json());
        else if (answer?.status === 404) return; // another network by now, or a server that knows nobody
        const over = this.status === "complete" || this.offered;
        if (!over) this.#later(this.status === "making" ? OFTEN : SELDOM);
    }

    /** @param {BlockPictures} news */
    #take({ version, count, status, pictures }) {
        for (const [index, layer, channel, named, words] of pictures) {
            const source = named && `${this.door}${index}/${named}.jpg`;
            this.known.set(layer, { channel, source, words });
        }
        Object.assign(this, { version, count, status });
        this.changed();
    }

    close() {
        this.door = "";
        clearTimeout(this.timer);
    }
}
