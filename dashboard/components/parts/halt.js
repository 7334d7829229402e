// Whether the teacher of the class has paused everybody's runs: the member's component says so, viewers follow.

export const HALTED = "Your teacher has paused all";

class Halt {
    on = false;
    /** @type {Set<() => void>} */
    listeners = new Set();

    /** @param {boolean} on */
    set(on) {
        if (on === this.on) return;
        this.on = on;
        for (const listener of this.listeners) listener();
    }
}

export const halt = new Halt();
