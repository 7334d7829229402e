// What is said to those who listen: how things stand, now and then, and at once what happens.

import { element } from "./element.js";

export const EVERY = 5000, // ms between two sentences of how things stand
    REST = 1000; // ms that a slider has to rest before anything is said

/** @typedef {{ words: string, by: object }} Said */

/** Whoever says something is named with it: when he goes, what he said goes too. */
export class Speaker {
    /** what was said last */
    said = "";
    at = -Infinity;
    moved = -Infinity;
    /** @type {Said | null} of how things stand, what is to be said when it is time */
    standing = null;
    /** @type {Said[]} what has happened and has not been said */
    events = [];
    /** @type {object[]} who has said what was said last */
    by = [];
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
     * @param {object} by
     */
    state(words, by) {
        this.standing = words ? { words, by } : null;
        this.#look();
    }

    /**
     * Something has happened: it is said at once, or as soon as the slider rests.
     * @param {string} words
     * @param {object} by
     */
    event(words, by) {
        if (!words) return;
        this.events.push({ words, by });
        this.standing = null;
        this.#look();
    }

    /**
     * Nothing is left of what somebody has said, or was about to: it would be of another page.
     * @param {object} by
     */
    leave(by) {
        this.events = this.events.filter((said) => said.by !== by);
        if (this.standing?.by === by) this.standing = null;
        if (this.by.includes(by)) {
            Object.assign(this, { said: "", at: -Infinity, by: [] });
            this.say("");
        }
        this.#look();
    }

    /** A slider moves: whoever moves it hears its values, and nothing else. */
    move() {
        this.moved = this.now();
    }

    #look() {
        clearTimeout(this.timer);
        const { events, standing } = this;
        if (!events.length && (!standing || standing.words === this.said)) return;
        const due = Math.max(this.moved + REST, events.length ? -Infinity : this.at + EVERY),
            wait = due - this.now();
        if (wait > 0) this.timer = setTimeout(() => this.#look(), wait);
        else this.#speak(standing ? [...events, standing] : events);
    }

    /** @param {Said[]} told */
    #speak(told) {
        const said = told.map(({ words }) => words).join(" ");
        Object.assign(this, { said, at: this.now(), standing: null, events: [], by: told.map(({ by }) => by) });
        this.say(said);
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
