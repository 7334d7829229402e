// What is asked of the page, one event at a time: of two at once one would take the other's place on its way. What
// waits is replaced by something newer of its kind. One that is not answered may have been lost to another component's,
// and is sent again: the page does what it has heard of once.

const AGAIN = 5000, // ms without an answer
    TRIES = 3; // after which an event counts as answered, whatever has become of it

/** @template {{ kind: string }} Event */
export class Queue {
    turn = 0;
    /** @type {Event | null} on its way */
    sent = null;
    /** @type {Event[]} */
    waiting = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    timer = undefined;
    tries = 0;
    /** @type {(event: Event & { turn: number }) => void} */
    send = () => {};

    /** @param {(event: Event) => string} kindOf what an event takes the place of */
    constructor(kindOf = ({ kind }) => kind) {
        this.kindOf = kindOf;
    }

    /** @param {Event} event */
    put(event) {
        const kind = this.kindOf(event);
        this.waiting = [...this.waiting.filter((other) => this.kindOf(other) !== kind), event];
        this.#next();
    }

    #next() {
        if (this.sent || !this.waiting.length) return;
        const [event, ...others] = this.waiting;
        this.waiting = others;
        this.sent = event;
        this.turn = Math.max(Date.now(), this.turn + 1); // told from those of other visits
        this.tries = 0;
        this.#try(event);
    }

    /** @param {Event} event */
    #try(event) {
        this.tries += 1;
        this.timer = setTimeout(() => (this.tries < TRIES ? this.#try(event) : this.answer(this.turn)), AGAIN);
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
     */
    holds(kind) {
        return [this.sent, ...this.waiting].some((event) => event !== null && this.kindOf(event) === kind);
    }

    close() {
        clearTimeout(this.timer);
    }
}
