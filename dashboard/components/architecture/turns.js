// One event at a time is sent to the page: what is asked for before the answer waits for it, added up, and the newest
// kind counts.

/** @import { ArchitectureEvent, Step } from "../messages.js" */

export const PATIENCE = 3000, // ms without an answer, after which an event is sent again: it may have been lost
    TRIES = 2; // after which it counts as answered, whatever has become of it

export class Turns {
    turn = 0;
    /** @type {ReturnType<typeof setTimeout> | null} until the answer */
    asked = null;
    /** @type {ArchitectureEvent | null} */
    pending = null;

    /**
     * @param {(event: ArchitectureEvent & { turn: number }) => void} send
     * @param {(busy: boolean) => void} changed
     */
    constructor(send, changed) {
        this.send = send;
        this.changed = changed;
    }

    /**
     * @param {"layers" | "channels"} what
     * @param {number} by
     */
    step(what, by) {
        /** @type {Step} */
        const step = this.pending?.kind === "step" ? this.pending : { kind: "step", channels: 0, layers: 0 };
        this.ask({ ...step, [what]: step[what] + by });
    }

    /** @param {ArchitectureEvent} event */
    ask(event) {
        if (this.asked) {
            this.pending = event;
            return;
        }
        this.changed(true);
        this.turn = Date.now(); // told from those of other pages and visits
        this.#try({ ...event, turn: this.turn }, TRIES);
    }

    /**
     * @param {ArchitectureEvent & { turn: number }} event
     * @param {number} tries
     */
    #try(event, tries) {
        this.asked = setTimeout(() => (tries > 1 ? this.#try(event, tries - 1) : this.answered()), PATIENCE);
        this.send(event);
    }

    // The whole page shows what came of the last event.
    answered() {
        const waiting = this.pending;
        this.close();
        this.changed(false);
        if (waiting) this.ask(waiting);
    }

    close() {
        if (this.asked) clearTimeout(this.asked);
        this.asked = this.pending = null;
    }
}
