// The teacher's socket: brings what has changed once a second, takes what she does, and comes back by itself.

/** @import { WallHeader } from "../messages.js" */

import { unpack } from "../viewer/message.js";

const FIRST_WAIT = 500,
    LONGEST_WAIT = 5000; // ms
const SILENCE = 10_000; // ms; the server says something every second
export const NO_TEACHER = 4401;
const FOR_GOOD = [NO_TEACHER, 4429];

/**
 * @typedef {object} Listener
 * @property {(header: WallHeader, pictures: Blob[]) => void} receive
 * @property {(problem: string) => void} complain
 * @property {(connected: boolean) => void} changed
 * @property {(code: number) => void} refused
 */

export class Screen {
    wait = FIRST_WAIT;
    closed = false;
    /** @type {WebSocket | null} */
    socket = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    timer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    silence = undefined;

    /**
     * @param {string} path
     * @param {Listener} listener
     */
    constructor(path, listener) {
        this.url = new URL(path, location.href);
        this.url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
        this.listener = listener;
        this.#open();
    }

    #open() {
        const socket = new WebSocket(this.url);
        this.socket = socket;
        this.#heard();
        socket.binaryType = "arraybuffer";
        socket.onmessage = ({ data }) => this.#take(data);
        socket.onclose = ({ code }) => this.#lost(code);
    }

    /** @param {ArrayBuffer | string} data */
    #take(data) {
        this.#heard();
        this.wait = FIRST_WAIT;
        this.listener.changed(true);
        if (typeof data === "string") return this.listener.complain(JSON.parse(data).error);
        if (!data.byteLength) return;
        const { header, pictures } = unpack(data);
        this.listener.receive(/** @type {WallHeader} */ (/** @type {unknown} */ (header)), pictures);
    }

    #heard() {
        clearTimeout(this.silence);
        this.silence = setTimeout(() => {
            this.#leave();
            this.#lost(0);
        }, SILENCE);
    }

    /** @param {number} code why the server closed it */
    #lost(code) {
        if (this.closed) return;
        clearTimeout(this.silence);
        if (FOR_GOOD.includes(code)) return this.listener.refused(code);
        this.listener.changed(false);
        this.timer = setTimeout(() => this.#open(), this.wait);
        this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
    }

    /** @param {object} asked */
    do(asked) {
        if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(asked));
    }

    #leave() {
        if (this.socket) Object.assign(this.socket, { onmessage: null, onclose: null });
        this.socket?.close();
    }

    close() {
        this.closed = true;
        clearTimeout(this.timer);
        clearTimeout(this.silence);
        this.#leave();
    }
}
