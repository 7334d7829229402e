// The live route: what it tells of the runs that are shown, what is recorded of them, and what is wished.

/**
 * @import { Connection, Wish } from "../messages.js"
 * @import { Listener } from "./stream.js"
 */

import { unpack } from "./message.js";
import { Stream } from "./stream.js";

export class Live {
    path = "";
    /** @type {Connection} */
    connection = "connected";
    /** @type {Stream | null} */
    stream = null;

    /** @param {Listener} listener hears of changes once they are known here */
    constructor(listener) {
        const changed = (/** @type {Connection} */ connection) => {
            this.connection = connection;
            listener.changed(connection);
        };
        this.listener = { ...listener, changed };
    }

    /**
     * @param {string} path
     * @param {boolean} needed whether there are runs to watch
     * @param {boolean} same whether they are those of before
     */
    connect(path, needed, same) {
        if (this.stream && (path !== this.path || this.connection === "ended" || !needed)) {
            this.stream.close();
            this.stream = null;
        }
        this.path = path;
        if (this.stream && !same) this.stream.watch();
        if (this.stream || !needed) return;
        this.connection = "connected";
        this.stream = new Stream(path, this.listener);
    }

    /**
     * @param {Wish} wish
     * @param {string} run
     */
    wish(wish, run) {
        this.stream?.wish(wish, run);
    }

    /**
     * The pictures of a run at an iteration; none where there are none.
     * @param {string} run
     * @param {number} iteration
     */
    async recorded(run, iteration) {
        const answer = await fetch(`${this.path}/${run}/picture/${iteration}`);
        return answer.ok ? unpack(await answer.arrayBuffer()).pictures : [];
    }

    close() {
        this.stream?.close();
    }
}
