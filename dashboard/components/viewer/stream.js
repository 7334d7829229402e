// The viewer's socket: open for as long as the viewer shows the same visitor's runs.

/** @import { Connection, Header, Wish } from "../messages.js" */

import { ReturningSocket } from "../parts/socket.js";
import { unpack } from "./message.js";

const SILENCE = 5000; // ms; the server says something every two seconds
const FOR_GOOD = [4400, 4404];

/**
 * @typedef {object} Listener
 * @property {() => { [run: string]: number }} watching the runs, and the last iteration received of each
 * @property {(message: { header: Header, pictures: Blob[] }) => Promise<void>} receive until it is drawn
 * @property {(connection: Connection) => void} changed
 */

export class Stream {
    /**
     * @param {string} path
     * @param {Listener} listener
     */
    constructor(path, listener) {
        this.listener = listener;
        this.socket = new ReturningSocket(
            path,
            { binary: "arraybuffer", forGood: FOR_GOOD, silence: SILENCE },
            {
                opened: () => this.#opened(),
                received: (/** @type {ArrayBuffer} */ data) => this.#take(data),
                // A first attempt that fails is worth a sentence, and silence is at once.
                lost: ({ forGood, first }) =>
                    listener.changed(forGood ? "ended" : first ? "reconnecting" : "unreachable"),
            },
        );
    }

    #opened() {
        this.socket.settle();
        this.listener.changed("connected");
        this.watch();
    }

    /** @param {ArrayBuffer} data empty where the server only says that it is there */
    async #take(data) {
        if (!data.byteLength) return;
        const message = unpack(data),
            from = this.socket.socket;
        try {
            await this.listener.receive(message);
        } catch (problem) {
            console.error("viewer:", problem);
        }
        if (from === this.socket.socket) this.socket.send({ ack: message.header.seq }); // another one counts anew
    }

    watch() {
        this.socket.send({ watch: this.listener.watching() });
    }

    /**
     * @param {Wish} wish
     * @param {string} run
     */
    wish(wish, run) {
        this.socket.send({ wish, run });
    }

    close() {
        this.socket.close();
    }
}
