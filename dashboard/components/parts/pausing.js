// Pause and Resume: one of them is there. They share a place, and the keyboard's focus.

import { button } from "./element.js";

export class Pausing {
    /** @type {string[]} */
    #hints;

    /**
     * @param {[hint: string, act: () => void]} pause
     * @param {[hint: string, act: () => void]} resume
     * @param {[pause: string, resume: string]} [names]
     */
    constructor(pause, resume, names = ["Pause", "Resume"]) {
        this.#hints = [pause[0], resume[0]];
        this.pause = button("pause", names[0], ...pause);
        this.resume = button("resume", names[1], ...resume);
    }

    /** Whether one of them has the focus. */
    get focused() {
        return document.activeElement === this.pause || document.activeElement === this.resume;
    }

    /**
     * @param {boolean} paused
     * @param {boolean} disabled
     * @param {string} why it is, "" where that is plain
     */
    turn(paused, disabled, why = "") {
        const { focused, pause, resume } = this,
            moved = pause.hidden !== paused;
        [pause.hidden, resume.hidden] = [paused, !paused];
        pause.disabled = resume.disabled = disabled;
        [pause.title, resume.title] = this.#hints.map((hint) => why || hint);
        if (focused && moved) (paused ? resume : pause).focus();
    }
}
