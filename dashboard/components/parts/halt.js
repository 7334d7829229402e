// Whether the teacher of the class has paused everybody's runs: the member's component says so, in its language, and
// viewers follow.

class Halt {
    /** why runs stand still; "" where they do not */
    why = "";
    /** what is said of a run that has not begun */
    waits = "";
    /** in which language that is */
    lang = "";
    /** @type {Set<() => void>} */
    listeners = new Set();

    get on() {
        return this.why !== "";
    }

    /**
     * @param {{ halted: string, halted_run: string } | null} words null: they go on
     * @param {string} lang
     */
    set(words, lang) {
        const { halted: why, halted_run: waits } = words ?? { halted: "", halted_run: "" };
        if (why === this.why) return;
        Object.assign(this, { why, waits, lang });
        for (const listener of this.listeners) listener();
    }
}

export const halt = new Halt();
