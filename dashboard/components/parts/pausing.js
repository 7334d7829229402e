// Pause and Resume: one of them is there. They share a place, and the keyboard's focus.

import { button } from "./element.js";

export class Pausing {
    /**
     * @param {[hint: string, act: () => void]} pause
     * @param {[hint: string, act: () => void]} resume
     */
    constructor(pause, resume) {
        this.pause = button("pause", "Pause", ...pause);
        this.resume = button("resume", "Resume", ...resume);
    }

    /** Whether one of them has the focus. */
    get focused() {
        return document.activeElement === this.pause || document.activeElement === this.resume;
    }

    /**
     * @param {boolean} paused
     * @param {boolean} disabled
     */
    turn(paused, disabled) {
        const { focused, pause, resume } = this,
            moved = pause.hidden !== paused;
        [pause.hidden, resume.hidden] = [paused, !paused];
        pause.disabled = resume.disabled = disabled;
        if (focused && moved) (paused ? resume : pause).focus();
    }
}
