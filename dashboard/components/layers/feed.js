// The camera's socket: frames leave by it one at a time, the next when the sheet of the last has come. It comes back by
// itself.

/** @import { Sheet } from "./sheet.js" */

import { decode } from "./sheet.js";

const FIRST_WAIT = 250,
    LONGEST_WAIT = 5000,
    PATIENCE = 20_000; // ms; behind a slow pass of somebody else's an answer takes seconds
const FOR_GOOD = [4400, 4404];

/**
 * @typedef {object} Heard
 * @property {() => void} ready another frame can be sent
 * @property {(sheet: Sheet) => void} receive
 * @property {(sentence: string) => void} refused the frame that was sent
 * @property {(reason: string | null) => void} lost the connection; a reason: for good
 */

export class Feed {
    wait = FIRST_WAIT;
    sent = false;
    closed = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} until the answer, or until it is opened again */
    timer = undefined;

    /**
     * @param {string} path
     * @param {string} layer
     * @param {Heard} heard
     */
    constructor(path, layer, heard) {
        this.url = new URL(path, location.href);
        this.url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
        this.layer = layer;
        this.heard = heard;
        this.socket = this.#open();
    }

    #open() {
        const socket = new WebSocket(this.url);
        socket.binaryType = "arraybuffer";
        socket.onopen = () => {
            this.wait = FIRST_WAIT;
            this.turn(this.layer);
            this.heard.ready();
        };
        socket.onmessage = ({ data }) => this.#take(data);
        socket.onclose = ({ code, reason }) => this.#lost(code, reason);
        return socket;
    }

    /** Whether a frame would go now. */
    get free() {
        return !this.sent && this.socket.readyState === WebSocket.OPEN;
    }

    /**
     * The sheets of that layer from now on.
     * @param {string} layer
     */
    turn(layer) {
        this.layer = layer;
        if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ layer }));
    }

    /** @param {ArrayBuffer} frame */
    send(frame) {
        this.sent = true;
        this.socket.send(frame);
        this.timer = setTimeout(() => this.#leave(), PATIENCE);
    }

    /** @param {ArrayBuffer | string} data */
    #take(data) {
        clearTimeout(this.timer);
        this.sent = false;
        if (typeof data === "string") this.heard.refused(JSON.parse(data).error);
        else this.heard.receive(decode(data));
        this.heard.ready();
    }

    /** A network that is gone closes nothing: silence is what tells. */
    #leave() {
        this.#forget();
        this.#lost(0, "");
    }

    #forget() {
        Object.assign(this.socket, { onopen: null, onmessage: null, onclose: null });
        this.socket.close();
    }

    /**
     * @param {number} code
     * @param {string} reason
     */
    #lost(code, reason) {
        if (this.closed) return;
        clearTimeout(this.timer);
        this.sent = false;
        if (FOR_GOOD.includes(code)) return this.heard.lost(reason || String(code));
        this.heard.lost(null);
        const reopen = () => (this.socket = this.#open());
        this.timer = setTimeout(reopen, this.wait * (0.75 + Math.random() / 2));
        this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
    }

    close() {
        this.closed = true;
        clearTimeout(this.timer);
        this.#forget();
    }
}
