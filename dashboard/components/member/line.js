// The member's socket: comes back by itself, at once when the screen is looked at again, and asks what holds then.

/** @import { ClassNews } from "../messages.js" */

const FIRST_WAIT = 250,
    LONGEST_WAIT = 5000; // ms
const SILENCE = 5000; // ms; the server says something every second
export const REFUSED = 4403,
    ELSEWHERE = 4409,
    OVER = 4410;
const FOR_GOOD = [REFUSED, ELSEWHERE, OVER];

/**
 * @typedef {object} Listener
 * @property {() => object} hello the first message
 * @property {(news: ClassNews) => void} receive
 * @property {(picture: Blob) => void} show
 * @property {(connected: boolean) => void} changed
 */

export class Line {
    wait = FIRST_WAIT;
    version = -1;
    closed = false;
    /** @type {WebSocket | null} */
    socket = null;
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
        this.wake = () => this.#wake();
        document.addEventListener("visibilitychange", this.wake);
        addEventListener("online", this.wake);
        this.#open();
    }

    #open() {
        clearTimeout(this.again);
        const socket = new WebSocket(this.url);
        this.socket = socket;
        this.#heard();
        socket.binaryType = "blob";
        socket.onopen = () => this.send(this.listener.hello());
        socket.onmessage = ({ data }) => this.#take(data);
        socket.onclose = ({ code }) => this.#lost(code);
    }

    /** @param {Blob | string} data */
    #take(data) {
        this.#heard();
        if (data instanceof Blob) return this.listener.show(data);
        /** @type {ClassNews} */
        const news = JSON.parse(data);
        if (news.you) {
            this.wait = FIRST_WAIT;
            this.version = news.version;
            this.listener.changed(true);
        } else if (news.version !== undefined && news.version !== this.version) this.send({ pull: this.version });
        this.listener.receive(news);
    }

    // A network that is gone closes nothing: silence is what tells.
    #heard() {
        clearTimeout(this.silence);
        this.silence = setTimeout(() => {
            this.#leave();
            this.#lost();
        }, SILENCE);
    }

    /** @param {number} [code] why the server closed it */
    #lost(code = 0) {
        if (this.closed) return;
        clearTimeout(this.silence);
        this.socket = null;
        if (FOR_GOOD.includes(code)) return this.close();
        this.listener.changed(false);
        this.again = setTimeout(() => this.#open(), this.wait * (0.75 + Math.random() / 2));
        this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
    }

    // Whoever looks at a phone that slept, or is online again, does not wait for the next attempt.
    #wake() {
        if (!this.closed && !this.socket && document.visibilityState === "visible") this.#open();
    }

    /** @param {object} message */
    send(message) {
        if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    }

    #leave() {
        if (this.socket) Object.assign(this.socket, { onopen: null, onmessage: null, onclose: null });
        this.socket?.close();
    }

    close() {
        this.closed = true;
        clearTimeout(this.again);
        clearTimeout(this.silence);
        document.removeEventListener("visibilitychange", this.wake);
        removeEventListener("online", this.wake);
        this.#leave();
    }
}
