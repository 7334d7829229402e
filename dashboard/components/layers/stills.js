// The sheets of the visitor's image: asked for once each, the newest wish first.

/** @import { Sheet } from "./sheet.js" */

import { Newest } from "../parts/newest.js";
import { UNREACHABLE } from "./camera_words.js";
import { decode } from "./sheet.js";

const KEPT = 12; // sheets
const AGAIN = 1000,
    PATIENCE = 60_000; // ms; a network that is not loaded yet takes its time

/**
 * @typedef {object} Heard
 * @property {(sheet: Sheet) => void} receive
 * @property {(problem: string) => void} refused
 * @property {() => void} unknown the server no longer knows the image
 */

export class Stills {
    /** @type {Map<string, Sheet>} layer -> sheet, what was wanted last at the end */
    kept = new Map();
    wanted = "";
    closed = false;
    /** @type {Newest<string>} */
    newest = new Newest((layer) => this.#ask(layer));

    /**
     * @param {string} door
     * @param {string} version of the image
     * @param {Heard} heard
     */
    constructor(door, version, heard) {
        this.address = `${door}/sheet`;
        this.version = version;
        this.heard = heard;
    }

    /** @param {string} layer */
    show(layer) {
        const sheet = this.kept.get(layer);
        this.wanted = layer;
        this.newest.forget();
        if (!sheet) return void this.newest.put(layer);
        this.#keep(sheet);
        this.heard.receive(sheet);
    }

    /** @param {string} layer */
    async #ask(layer) {
        const asked = new URLSearchParams({ layer, v: this.version });
        try {
            const answer = await fetch(`${this.address}?${asked}`, { signal: AbortSignal.timeout(PATIENCE) });
            if (this.closed) return;
            if (answer.status === 404) return this.heard.unknown();
            if (!answer.ok) return this.heard.refused((await answer.json()).error);
            const sheet = decode(await answer.arrayBuffer());
            this.#keep(sheet);
            if (!this.closed && layer === this.wanted) this.heard.receive(sheet);
        } catch (problem) {
            console.info("layers:", problem);
            if (this.closed) return;
            this.heard.refused(UNREACHABLE);
            setTimeout(() => !this.closed && layer === this.wanted && this.newest.put(layer), AGAIN);
        }
    }

    /** @param {Sheet} sheet */
    #keep(sheet) {
        const { layer } = sheet.header;
        this.kept.delete(layer);
        this.kept.set(layer, sheet);
        if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value ?? "");
    }

    close() {
        this.closed = true;
    }
}
