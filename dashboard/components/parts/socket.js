// A socket that comes back by itself: after longer and longer waits, and at once when the screen is looked at again or
// the machine is online again.

const FIRST_WAIT = 250,
    LONGEST_WAIT = 5000; // ms

/**
 * @typedef {object} Lost
 * @property {number} code why the server closed it; 0 where nobody did
 * @property {string} reason
 * @property {boolean} forGood it does not come back
 * @property {boolean} first the last attempt had been good, and this is not silence
 */

/**
 * @template {ArrayBuffer | Blob | string} Data what comes, by the kind of socket
 * @typedef {object} Owner
 * @property {() => void} opened
 * @property {(data: Data) => unknown} received
 * @property {(lost: Lost) => void} lost
 */

/**
 * @typedef {object} Kind
 * @property {BinaryType} binary
 * @property {number[]} forGood codes after which it does not come back
 * @property {number} [silence] ms without a word after which it is lost: a network that is gone closes nothing
 */

/** @template {ArrayBuffer | Blob | string} Data */
export class ReturningSocket {
    wait = FIRST_WAIT;
    closed = false;
    /** @type {WebSocket | null} */
    socket = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    silence = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    again = undefined;

    /**
     * @param {string} path
     * @param {Kind} kind
     * @param {Owner<Data>} owner
     */
    constructor(path, kind, owner) {
        this.url = new URL(path, location.href);
        this.url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
        this.kind = kind;
        this.owner = owner;
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
        socket.binaryType = this.kind.binary;
        socket.onopen = () => this.owner.opened();
        socket.onmessage = ({ data }) => {
            this.#heard();
            return this.owner.received(data);
        };
        socket.onclose = ({ code, reason }) => this.#lost(code, reason);
    }

    /** Whether something would be sent now. */
    get open() {
        return this.socket?.readyState === WebSocket.OPEN;
    }

    /** The connection is good: should it be lost, the first attempt comes soon. */
    settle() {
        this.wait = FIRST_WAIT;
    }

    #heard() {
        clearTimeout(this.silence);
        if (this.kind.silence) this.silence = setTimeout(() => this.drop(), this.kind.silence);
    }

    /** Gives this connection up: nothing came where something was due. */
    drop() {
        this.#leave();
        this.#lost(0, "", true);
    }

    /**
     * @param {number} code
     * @param {string} reason
     * @param {boolean} silent
     */
    #lost(code, reason, silent = false) {
        if (this.closed) return;
        clearTimeout(this.silence);
        this.socket = null;
        const first = this.wait === FIRST_WAIT && !silent;
        if (this.kind.forGood.includes(code)) {
            this.close();
            return this.owner.lost({ code, reason, forGood: true, first });
        }
        this.again = setTimeout(() => this.#open(), this.wait * (0.75 + Math.random() / 2));
        this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
        this.owner.lost({ code, reason, forGood: false, first });
    }

    // Whoever looks at a phone that slept, or is online again, does not wait for the next attempt.
    #wake() {
        if (!this.closed && !this.socket && document.visibilityState === "visible") this.#open();
    }

    /** @param {object | ArrayBuffer} message sent if there is a connection; what is no buffer as JSON */
    send(message) {
        if (this.open) this.socket?.send(message instanceof ArrayBuffer ? message : JSON.stringify(message));
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
