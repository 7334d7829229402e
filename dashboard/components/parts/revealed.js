// What the class has answered, where its teacher shows that: the member's component says so, in its language, and the
// lesson draws it at the question that was asked.

/** @import { ClassAnswers } from "../messages.js" */

class Revealed {
    /** @type {ClassAnswers | null} */
    answers = null;
    /** @type {Record<string, string>} what is said of them */
    words = {};
    /** @type {Set<() => void>} */
    listeners = new Set();

    /**
     * @param {ClassAnswers | null} answers
     * @param {Record<string, string>} words
     */
    set(answers, words) {
        if (words === this.words && JSON.stringify(answers) === JSON.stringify(this.answers)) return;
        Object.assign(this, { answers, words });
        for (const listener of this.listeners) listener();
    }

    /**
     * Those to the question of that step, if they are shown.
     * @param {string} lesson
     * @param {string} step
     */
    at(lesson, step) {
        return this.answers?.lesson === lesson && this.answers.step === step ? this.answers : null;
    }
}

export const revealed = new Revealed();
