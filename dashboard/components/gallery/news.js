// Asks the server what is new, twice a second. The asking is also what keeps the work going: it ends with the page.

const OFTEN = 500,
    SELDOM = 3000,
    PATIENCE = 5000; // ms; a network that is gone answers nothing
const MOST = 128; // channels on screen that are told

export class News {
    // onScreen() -> channels; receive(state); changed("connected" | "reconnecting"); unknown()
    constructor(door, paused, handlers) {
        Object.assign(this, handlers, { door, version: 0, paused, closed: false, timer: null });
        this.ask();
    }

    pause(paused) {
        this.paused = paused;
        clearTimeout(this.timer);
        return this.ask();
    }

    async ask() {
        const asking = (this.asking = {});
        let wait = OFTEN;
        try {
            const answer = await fetch(
                `${this.door}/state?since=${this.version}&${this.paused ? "paused=1" : `on_screen=${this.onScreen().slice(0, MOST).join()}`}`,
                { signal: AbortSignal.timeout(PATIENCE) },
            );
            if (this.closed || this.asking !== asking) return;
            if (answer.status === 404) return this.unknown();
            const state = await answer.json();
            if (this.closed || this.asking !== asking) return;
            this.version = state.version;
            this.changed("connected");
            this.receive(state);
            if (state.status === "complete" || state.status === "failed") wait = SELDOM;
        } catch (problem) {
            if (this.closed || this.asking !== asking) return;
            this.changed("reconnecting");
            wait = SELDOM;
        }
        this.timer = setTimeout(() => this.ask(), wait);
    }

    close() {
        this.closed = true;
        clearTimeout(this.timer);
    }
}
