// The socket: stays open for as long as the viewer shows the same visitor's runs, and comes back by itself.

/** @import { Connection, Header, Wish } from "../messages.js" */

import { unpack } from "./message.js";

const FIRST_WAIT = 250,
    LONGEST_WAIT = 5000; // ms
const SILENCE = 5000; // ms; the server says something every two seconds
const FOR_GOOD = [4400, 4404];

/**
 * @typedef {object} Listener
 * @property {() => { [run: string]: number }} watching the runs, and the last iteration received of each
 * @property {(message: { header: Header, pictures: Blob[] }) => Promise<void>} receive until it is drawn
 * @property {(connection: Connection) => void} changed
 */

export class Stream {
    wait = FIRST_WAIT;
    closed = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    silence = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    again = undefined;

    /**
     * @param {string} path
     * @param {Listener} listener
     */
    constructor(path, listener) {
        this.url = new URL(path, location.href);
        this.url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
        this.listener = listener;
        this.socket = this.open();
    }

    open() {
        const socket = new WebSocket(this.url);
        this.heard();
        socket.binaryType = "arraybuffer";
        socket.onopen = () => {
            this.wait = FIRST_WAIT;
            this.listener.changed("connected");
            this.watch();
        };
        socket.onmessage = ({ data }) => this.take(socket, data);
        socket.onclose = ({ code }) => this.lost(code);
        return socket;
    }

    /**
     * @param {WebSocket} socket
     * @param {ArrayBuffer} data empty where the server only says that it is there
     */
    async take(socket, data) {
        this.heard();
        if (!data.byteLength) return;
        const message = unpack(data);
        try {
            await this.listener.receive(message);
        } catch (problem) {
            console.error("viewer:", problem);
        }
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ ack: message.header.seq }));
    }

    // A network that is gone closes nothing: silence is what tells.
    heard() {
        clearTimeout(this.silence);
        this.silence = setTimeout(() => {
            this.leave();
            this.wait = Math.max(this.wait, 2 * FIRST_WAIT); // worth a sentence at once
            this.lost();
        }, SILENCE);
    }

    /** @param {number} [code] why the server closed it */
    lost(code = 0) {
        if (this.closed) return;
        clearTimeout(this.silence);
        if (FOR_GOOD.includes(code)) return this.listener.changed("ended");
        // A first attempt that fails is worth a sentence.
        this.listener.changed(this.wait > FIRST_WAIT ? "unreachable" : "reconnecting");
        const reopen = () => {
            this.socket = this.open();
        };
        this.again = setTimeout(reopen, this.wait * (0.75 + Math.random() / 2));
        this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
    }

    leave() {
        Object.assign(this.socket, { onopen: null, onmessage: null, onclose: null });
        this.socket.close();
    }

    /** @param {object} message */
    send(message) {
        if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    }

    watch() {
        this.send({ watch: this.listener.watching() });
    }

    /**
     * @param {Wish} wish
     * @param {string} run
     */
    wish(wish, run) {
        this.send({ wish, run });
    }

    close() {
        this.closed = true;
        clearTimeout(this.again);
        clearTimeout(this.silence);
        this.leave();
    }
}
