// What is asked of the page, one event at a time: of two at once one would take the other's place on its way. What
// waits is replaced by something newer of its kind.

/** @import { ExplainEvent } from "../messages.js" */

const PATIENCE = 10_000; // ms after which an event counts as answered, whatever has become of it

export class Queue {
    turn = 0;
    /** @type {ExplainEvent | null} on its way */
    sent = null;
    /** @type {ExplainEvent[]} */
    waiting = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    timer = undefined;
    /** @type {(event: ExplainEvent & { turn: number }) => void} */
    send = () => {};

    /** @param {ExplainEvent} event */
    put(event) {
        const kind = kindOf(event);
        this.waiting = [...this.waiting.filter((other) => kindOf(other) !== kind), event];
        this.#next();
    }

    #next() {
        if (this.sent || !this.waiting.length) return;
        const [event, ...others] = this.waiting;
        this.waiting = others;
        this.sent = event;
        this.turn = Math.max(Date.now(), this.turn + 1); // told from those of other visits
        this.timer = setTimeout(() => this.answer(this.turn), PATIENCE);
        this.send({ ...event, turn: this.turn });
    }

    /**
     * The page shows what has come of the event of that turn.
     * @param {number} turn
     */
    answer(turn) {
        if (!this.sent || turn !== this.turn) return;
        clearTimeout(this.timer);
        this.sent = null;
        this.#next();
    }

    /**
     * Whether the page has not heard of all of that kind yet.
     * @param {string} kind
     * @param {string} [key] of a map
     */
    holds(kind, key) {
        const wanted = [kind, key].join();
        return [this.sent, ...this.waiting].some((event) => event !== null && kindOf(event) === wanted);
    }

    close() {
        clearTimeout(this.timer);
    }
}

/**
 * What an event takes the place of: another frame, another layer of the same map, another class.
 * @param {ExplainEvent} event
 */
function kindOf(event) {
    const kind = event.kind === "against" ? "explain_class" : event.kind;
    return [kind, "key" in event ? event.key : undefined].join();
}
