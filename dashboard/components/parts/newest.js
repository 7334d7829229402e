// One question under way; of those that come meanwhile only the newest is asked next.

/** @template Question */
export class Newest {
    busy = false;
    /** @type {Question | null} */
    next = null;

    /** @param {(question: Question) => Promise<void>} ask */
    constructor(ask) {
        this.ask = ask;
    }

    /** @param {Question} question */
    async put(question) {
        this.next = question;
        if (this.busy) return;
        this.busy = true;
        try {
            while (this.next !== null) await this.ask(this.#take());
        } finally {
            this.busy = false;
        }
    }

    #take() {
        const question = /** @type {Question} */ (this.next);
        this.next = null;
        return question;
    }

    forget() {
        this.next = null;
    }
}
