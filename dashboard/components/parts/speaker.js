// What is said to those who listen: how things stand, now and then, and at once what happens.

import { element } from "./element.js";

export const EVERY = 5000, // ms between two sentences of how things stand
    REST = 1000; // ms that a slider has to rest before anything is said

export class Speaker {
    /** what was said last */
    said = "";
    at = -Infinity;
    moved = -Infinity;
    /** of how things stand, what is to be said when it is time */
    standing = "";
    /** @type {string[]} what has happened and has not been said */
    events = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    timer = undefined;

    /**
     * @param {(words: string) => void} say
     * @param {() => number} now ms
     */
    constructor(say, now) {
        this.say = say;
        this.now = now;
    }

    /**
     * How things stand: of all sentences that come meanwhile the newest counts; "": there is nothing any more.
     * @param {string} words
     */
    state(words) {
        this.standing = words;
        this.#look();
    }

    /**
     * Something has happened: it is said at once, or as soon as the slider rests.
     * @param {string} words
     */
    event(words) {
        if (!words) return;
        this.events.push(words);
        this.standing = "";
        this.#look();
    }

    /** A slider moves: whoever moves it hears its values, and nothing else. */
    move() {
        this.moved = this.now();
    }

    #look() {
        clearTimeout(this.timer);
        const { events, standing } = this;
        if (!events.length && (!standing || standing === this.said)) return;
        const due = Math.max(this.moved + REST, events.length ? -Infinity : this.at + EVERY),
            wait = due - this.now();
        if (wait > 0) this.timer = setTimeout(() => this.#look(), wait);
        else this.#speak([...events, standing].filter(Boolean).join(" "));
    }

    /** @param {string} words */
    #speak(words) {
        Object.assign(this, { said: words, at: this.now(), standing: "", events: [] });
        this.say(words);
    }
}

/** @type {HTMLElement | null} */
let region = null;

export const speaker = new Speaker(
    (words) => {
        region ??= document.body.appendChild(
            element("div", { className: "actviz-said", role: "status", "data-testid": "said" }),
        );
        region.textContent = words;
    },
    () => performance.now(),
);
