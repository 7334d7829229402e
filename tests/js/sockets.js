// Stands for the browser's socket: what is sent is written down, and the test says what comes.

export class Socket {
    static OPEN = 1;
    static all = [];

    readyState = 0;
    sent = [];
    closed = false;

    constructor(url) {
        this.url = url;
        Socket.all.push(this);
    }

    send(data) {
        this.sent.push(typeof data === "string" ? JSON.parse(data) : data.byteLength);
    }

    close() {
        this.readyState = 3;
        this.closed = true;
    }

    begin() {
        this.readyState = Socket.OPEN;
        this.onopen();
    }

    say(news) {
        this.onmessage({ data: JSON.stringify(news) });
    }
}

/** A browser with such sockets, at that address. */
export function browse(address) {
    Socket.all = [];
    const events = new EventTarget();
    Object.assign(globalThis, {
        WebSocket: Socket,
        location: new URL(address),
        document: Object.assign(new EventTarget(), { visibilityState: "visible" }),
        addEventListener: events.addEventListener.bind(events),
        removeEventListener: events.removeEventListener.bind(events),
        dispatchEvent: events.dispatchEvent.bind(events),
    });
}

/** Somebody looks at the page, or turns away from it. */
export function look(visibilityState) {
    globalThis.document.visibilityState = visibilityState;
    globalThis.document.dispatchEvent(new Event("visibilitychange"));
}
