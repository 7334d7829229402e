// The bar under the pictures: what the run does, how far it is, and everything one can ask of it.

/**
 * @import { Connection, Wish } from "../messages.js"
 * @import { Mode } from "./mode.js"
 * @import { Shown } from "./menu.js"
 * @import { Together } from "./status.js"
 * @import { Words } from "./words.js"
 */

import { button, cell, element, line, progress, show } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { halt } from "../parts/halt.js";
import { keyboard } from "../parts/keys.js";
import { Pausing } from "../parts/pausing.js";
import { continuation } from "./continuation.js";
import { SaveMenu } from "./menu.js";
import { Pace } from "./pace.js";
import { HERE } from "./saves.js";
import { Scrubber } from "./scrubber.js";
import { ENDED, standing } from "./status.js";

const IN_STEP = 8; // iterations that runs which go in step may seem apart, since each is told of in its turn

/**
 * @typedef {object} Asked what is asked for on it
 * @property {(wish: Wish) => void} wish
 * @property {(iteration: number | null) => void} scrub
 * @property {(until: number) => void} branch
 * @property {Shown} shown
 */

/**
 * @typedef {object} Situation
 * @property {Together | null} header null: no run is shown
 * @property {number | null} scrubbed the iteration looked back at
 * @property {Connection} connection
 * @property {Mode} mode
 * @property {string} files where saves lie, once there is something to save
 * @property {string} device
 * @property {number} iterations that the page is set to
 * @property {string} kept what a run that is continued does not take over
 */

export class Transport {
    /** up to which iteration a run would go on */
    until = 0;
    /** @type {Situation | null} */
    situation = null;
    halted = () => this.situation && this.update(this.situation);

    /**
     * @param {Words} words
     * @param {Asked} asked
     */
    constructor(words, { wish, scrub, branch, shown }) {
        this.words = words;
        this.pace = new Pace(words);
        this.status = cell("status");
        this.iteration = cell("iteration");
        this.left = cell("left");
        this.rate = cell("rate");
        this.device = cell("device");
        this.halt = cell("halt");
        this.progress = progress(words.progress);
        this.scrubber = new Scrubber(words, scrub);
        this.pausing = new Pausing(
            [words.pause_hint, () => wish("pause")],
            [words.resume_hint, () => wish("resume")],
            [words.pause, words.resume],
        );
        this.step = button("step", words.step, words.step_hint, () => wish("step"));
        this.stop = button("stop", words.stop, words.stop_hint, () => wish("cancel"));
        this.branch = button("branch", words.branch, "", () => branch(this.until));
        this.save = new SaveMenu(words, shown);
        this.kept = element("p", { className: "av-kept", "data-testid": "kept" });
        const { pause, resume } = this.pausing;
        const { slider, live } = this.scrubber;
        /** @type {(HTMLButtonElement | HTMLInputElement)[]} */
        this.controls = [slider, live, pause, resume, this.step, this.stop, this.branch, this.save.open];
        this.node = this.assemble();
        this.keys = this.#keys();
        keyboard.add(this.keys);
        halt.listeners.add(this.halted);
    }

    /** @returns {import("../parts/keys.js").Table} */
    #keys() {
        const { slider } = this.scrubber,
            able = (/** @type {HTMLButtonElement | HTMLInputElement} */ control) =>
                !control.disabled && control.checkVisibility({ visibilityProperty: true });
        const pausing = () => Object.values(this.pausing).find(able);
        return [
            {
                does: this.words.keys_pause,
                on: { " ": () => pausing()?.click() },
                able: () => Boolean(pausing()),
            },
            {
                does: this.words.keys_history,
                on: { ",": () => this.scrubber.step(-1), ".": () => this.scrubber.step(1) },
                able: () => able(slider),
            },
        ];
    }

    assemble() {
        const { pause, resume } = this.pausing;
        const space = element("span", { className: "av-space" });
        return element(
            "div",
            { className: "av-transport" },
            line(this.status, this.iteration, this.left, this.rate, this.device, this.halt, this.save.saving.node),
            this.progress,
            this.scrubber.node,
            element(
                "div",
                { className: "av-line", role: "group", "aria-label": this.words.run },
                ...[pause, resume, this.step, this.stop, space, this.branch, this.save.node],
            ),
            this.kept,
        );
    }

    /** @param {Situation} situation */
    update(situation) {
        this.situation = situation;
        const { header, scrubbed, connection, device } = situation,
            halted = halt.why,
            cut = connection !== "connected",
            ended = header !== null && ENDED.includes(header.status),
            paused = header?.status === "paused",
            none = !header || cut, // nothing can be asked of a run that is out of reach
            focused = this.controls.findIndex((control) => control === document.activeElement);
        this.tell(header, connection, halted);
        show(this.device, header ? device : "");
        this.pausing.turn(paused, none || ended || halt.on, halted);
        this.step.disabled = none || !paused || halt.on;
        this.step.title = halted || this.words.step_hint;
        this.stop.disabled = none || ended;
        this.branch.disabled = none || !header.recorded || !(ended || paused || scrubbed !== null);
        this.goOn(situation);
        this.scrubber.update(header?.recorded ?? null, scrubbed, cut);
        this.offer(situation);
        if (this.controls[focused]?.disabled) this.passOn(focused);
    }

    /**
     * What the run does and how far it is.
     * @param {Together | null} header
     * @param {Connection} connection
     * @param {string} halted why all runs are paused; "": they are not
     */
    tell(header, connection, halted) {
        const status = header?.status ?? "",
            going = header && !ENDED.includes(header.status),
            apart = halted && halt.lang !== this.words.lang; // two languages make no sentence
        const why = apart ? this.words.paused : halted;
        show(this.status, standing(this.words, header?.word ?? "", status, connection, why));
        show(this.halt, apart && going && connection === "connected" ? `${halted}.` : "");
        this.halt.lang = halt.lang;
        this.status.dataset.status = going && connection !== "connected" ? "" : status;
        show(this.iteration, header ? iterationOf(this.words, header) : "");
        this.progress.value = header?.iterations ? header.iteration / header.iterations : 0;
        const running = status === "running" && connection === "connected";
        const pace = this.pace.look(running ? header : null, performance.now());
        if (pace) show(this.rate, pace.rate);
        if (pace) show(this.left, pace.left);
    }

    /**
     * What the button for going on does, and what it does not take over.
     * @param {Situation} situation
     */
    goOn({ header, scrubbed, mode, iterations, kept }) {
        const hidden = !header || !mode.branches,
            shown = hidden ? 0 : (scrubbed ?? header.iteration);
        const { until, text } = continuation(this.words, shown, hidden ? 0 : header.iterations, iterations);
        this.until = until;
        this.branch.hidden = hidden;
        if (this.branch.lastChild) show(this.branch.lastChild, text);
        this.branch.title = this.branch.disabled
            ? this.words.branch_unable
            : filled(this.words.branch_hint, { n: until });
        this.branch.setAttribute("aria-label", text);
        this.branch.setAttribute("aria-description", kept);
        show(this.kept, kept);
        this.kept.hidden = hidden; // a line is kept free for it: nothing moves under the pointer
    }

    /** @param {Situation} situation */
    offer({ files, connection, mode, scrubbed }) {
        const query = scrubbed === null ? "" : `?iteration=${scrubbed}`;
        if (files) this.save.offer(connection === "connected" ? mode.saves : HERE, files, query);
        else this.save.withdraw();
    }

    /**
     * A button that can do nothing any more hands the keyboard's focus to the nearest that can.
     * @param {number} from
     */
    passOn(from) {
        const far = (/** @type {HTMLElement} */ control) =>
            Math.abs(this.controls.findIndex((each) => each === control) - from);
        const able = this.controls.filter((control) => !control.disabled && !control.hidden);
        able.sort((one, other) => far(one) - far(other))[0]?.focus({ preventScroll: true });
    }

    close() {
        halt.listeners.delete(this.halted);
        keyboard.remove(this.keys);
        this.save.close();
    }
}

/**
 * How far a run is, or several in step are.
 * @param {Words} words
 * @param {Pick<Together, "iteration" | "iterations" | "furthest">} header
 */
export function iterationOf(words, { iteration, iterations, furthest }) {
    if (!iterations) return "";
    const sentence = furthest - iteration > IN_STEP ? words.iterations_of : words.iteration_of;
    return filled(sentence, { n: iteration, furthest, of: iterations });
}
