// The teacher's socket: brings what has changed once a second, and takes what she does.

/** @import { WallHeader } from "../messages.js" */

import { ReturningSocket } from "../parts/socket.js";
import { unpack } from "../viewer/message.js";

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
                opened: () => {},
                received: (/** @type {ArrayBuffer | string} */ data) => this.#take(data),
                lost: ({ code, forGood }) => (forGood ? listener.refused(code) : listener.changed(false)),
            },
        );
    }

    /** @param {ArrayBuffer | string} data */
    #take(data) {
        this.socket.settle();
        this.listener.changed(true);
        if (typeof data === "string") return this.listener.complain(JSON.parse(data).error);
        if (!data.byteLength) return;
        const { header, pictures } = unpack(data);
        this.listener.receive(/** @type {WallHeader} */ (/** @type {unknown} */ (header)), pictures);
    }

    /** @param {object} asked */
    do(asked) {
        this.socket.send(asked);
    }

    close() {
        this.socket.close();
    }
}
