// The camera's socket: frames leave by it one at a time, the next when the sheet of the last has come.

/** @import { Sheet } from "./sheet.js" */

import { ReturningSocket } from "../parts/socket.js";
import { decode } from "./sheet.js";

const PATIENCE = 20_000; // ms; behind a slow pass of somebody else's an answer takes seconds
const FOR_GOOD = [4400, 4404];

/**
 * @typedef {object} Heard
 * @property {() => void} ready another frame can be sent
 * @property {(sheet: Sheet) => void} receive
 * @property {(sentence: string) => void} refused the frame that was sent
 * @property {(reason: string | null) => void} lost the connection; a reason: for good
 */

export class Feed {
    sent = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} until the answer */
    timer = undefined;

    /**
     * @param {string} path
     * @param {string} layer
     * @param {Heard} heard
     */
    constructor(path, layer, heard) {
        this.layer = layer;
        this.heard = heard;
        this.socket = new ReturningSocket(
            path,
            { binary: "arraybuffer", forGood: FOR_GOOD },
            {
                opened: () => this.#opened(),
                received: (/** @type {ArrayBuffer | string} */ data) => this.#take(data),
                lost: ({ code, reason, forGood }) => this.#lost(forGood ? reason || String(code) : null),
            },
        );
    }

    #opened() {
        this.socket.settle();
        this.turn(this.layer);
        this.heard.ready();
    }

    /** Whether a frame would go now. */
    get free() {
        return !this.sent && this.socket.open;
    }

    /**
     * The sheets of that layer from now on.
     * @param {string} layer
     */
    turn(layer) {
        this.layer = layer;
        this.socket.send({ layer });
    }

    /** @param {ArrayBuffer} frame */
    send(frame) {
        this.sent = true;
        this.socket.send(frame);
        this.timer = setTimeout(() => this.socket.drop(), PATIENCE);
    }

    /** @param {ArrayBuffer | string} data */
    #take(data) {
        clearTimeout(this.timer);
        this.sent = false;
        if (typeof data === "string") this.heard.refused(JSON.parse(data).error);
        else this.heard.receive(decode(data));
        this.heard.ready();
    }

    /** @param {string | null} reason */
    #lost(reason) {
        clearTimeout(this.timer);
        this.sent = false;
        this.heard.lost(reason);
    }

    close() {
        clearTimeout(this.timer);
        this.socket.close();
    }
}
