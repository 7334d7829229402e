// The socket: stays open for as long as the viewer shows the same visitor's runs, and comes back by itself.

import { unpack } from "./message.js";

const FIRST_WAIT = 250,
    LONGEST_WAIT = 5000; // ms
const SILENCE = 5000; // ms; the server says something every two seconds
const FOR_GOOD = [4400, 4404];

export class Stream {
    // watching() -> {run: last iteration received}; receive(message) resolves when it is drawn; changed(word) at every change of state
    constructor(path, { watching, receive, changed }) {
        this.url = new URL(path, location.href);
        this.url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
        Object.assign(this, { watching, receive, changed, wait: FIRST_WAIT, closed: false });
        this.open();
    }

    open() {
        const socket = new WebSocket(this.url);
        this.socket = socket;
        this.heard();
        socket.binaryType = "arraybuffer";
        socket.onopen = () => {
            this.wait = FIRST_WAIT;
            this.changed("connected");
            this.watch();
        };
        socket.onmessage = async ({ data }) => {
            this.heard();
            if (!data.byteLength) return;
            const message = unpack(data);
            try {
                await this.receive(message);
            } catch (problem) {
                console.error("viewer:", problem);
            }
            if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ ack: message.header.seq }));
        };
        socket.onclose = ({ code }) => this.lost(code);
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

    lost(code) {
        if (this.closed) return;
        clearTimeout(this.silence);
        if (FOR_GOOD.includes(code)) return this.changed("ended");
        this.changed(this.wait > FIRST_WAIT ? "unreachable" : "reconnecting"); // a first attempt that fails is worth a sentence
        this.timer = setTimeout(() => this.open(), this.wait * (0.75 + Math.random() / 2));
        this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
    }

    leave() {
        Object.assign(this.socket, { onopen: null, onmessage: null, onclose: null });
        this.socket.close();
    }

    send(message) {
        if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    }

    watch() {
        this.send({ watch: this.watching() });
    }

    wish(wish, run) {
        this.send({ wish, run });
    }

    close() {
        this.closed = true;
        clearTimeout(this.timer);
        clearTimeout(this.silence);
        this.leave();
    }
}
