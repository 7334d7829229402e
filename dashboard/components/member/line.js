// The member's socket: asks what holds in the class whenever it comes back, and when it hears that something has
// changed.

/** @import { ClassNews } from "../messages.js" */

import { ReturningSocket } from "../parts/socket.js";

const SILENCE = 5000; // ms; the server says something every second
export const REFUSED = 4403,
    ELSEWHERE = 4409,
    OVER = 4410;

/**
 * @typedef {object} Listener
 * @property {() => object} hello the first message
 * @property {(news: ClassNews) => void} receive
 * @property {(picture: Blob) => void} show
 * @property {(connected: boolean) => void} changed
 */

export class Line {
    version = -1;

    /**
     * @param {string} path
     * @param {Listener} listener
     */
    constructor(path, listener) {
        this.listener = listener;
        this.socket = new ReturningSocket(
            path,
            { binary: "blob", forGood: [REFUSED, ELSEWHERE, OVER], silence: SILENCE },
            {
                opened: () => this.send(listener.hello()),
                received: (/** @type {Blob | string} */ data) => this.#take(data),
                lost: ({ forGood }) => forGood || listener.changed(false),
            },
        );
    }

    /** @param {Blob | string} data */
    #take(data) {
        if (data instanceof Blob) return this.listener.show(data);
        /** @type {ClassNews} */
        const news = JSON.parse(data);
        if (news.you) {
            this.socket.settle(); // not before: of a page that the server does not know yet it opens and closes it
            this.version = news.version;
            this.listener.changed(true);
        } else if (news.version !== undefined && news.version !== this.version) this.send({ pull: this.version });
        this.listener.receive(news);
    }

    /** @param {object} message */
    send(message) {
        this.socket.send(message);
    }

    close() {
        this.socket.close();
    }
}
