// The camera's frames on their way through the network: one at a time, the newest; frozen, those of the last seconds.

/**
 * @import { LayersData } from "../messages.js"
 * @import { Moment } from "./history.js"
 * @import { Sheet } from "./sheet.js"
 */

import { element } from "../parts/element.js";
import { Camera } from "./camera.js";
import { UNKNOWN, UNREACHABLE } from "./camera_words.js";
import { Feed } from "./feed.js";
import { History } from "./history.js";
import { jpegOf } from "./jpeg.js";
import { Pace } from "./pace.js";

/**
 * @typedef {object} Told
 * @property {(moment: Moment) => void} moment another one is to be shown
 * @property {() => void} changed on, off, frozen, or another one of the moments
 * @property {(about: "camera" | "server", problem: string) => void} problem "": there is none any more
 */

export class Live {
    history = new History();
    pace = new Pace();
    frozen = false;
    /** @type {Feed | null} */
    feed = null;
    /** @type {Moment | null} that is shown */
    shown = null;
    /** @type {Moment | null} whose sheet is on its way */
    sent = null;
    /** @type {Moment | null} whose sheet is wanted, of the past */
    asked = null;
    fresh = false;
    encoding = false;

    /**
     * @param {LayersData} data
     * @param {Told} told
     */
    constructor({ door, size, layer }, told) {
        this.path = `${door}/camera`;
        this.layer = layer;
        this.told = told;
        this.canvas = element("canvas", { height: size[0], width: size[1] });
        this.camera = new Camera({
            frame: () => {
                this.fresh = true;
                this.#next();
            },
            ended: (problem) => this.#ended(problem),
        });
    }

    /** Whether what is shown is of the camera. */
    get on() {
        return this.camera.on || this.history.moments.length > 0;
    }

    /** @param {string} [device] */
    async start(device) {
        if (!this.camera.on) this.history.clear();
        this.frozen = false;
        this.shown = this.asked = null;
        this.told.problem("camera", "");
        await this.camera.start(device);
        if (this.camera.on) this.feed ??= this.#connect();
        this.told.changed();
    }

    stop() {
        this.camera.stop();
        this.feed?.close();
        this.feed = this.shown = this.sent = this.asked = null;
        this.frozen = false;
        this.history.clear();
        this.pace.clear();
        this.told.changed();
    }

    #connect() {
        return new Feed(this.path, this.layer, {
            ready: () => this.#next(),
            receive: (sheet) => this.#receive(sheet),
            refused: (sentence) => this.told.problem("server", sentence),
            lost: (reason) => this.#lost(reason),
        });
    }

    #next() {
        const { feed, camera } = this;
        if (!feed?.free || this.encoding) return;
        const asked = this.asked ?? (this.frozen ? this.history.missing : null); // the scale is of all of them
        if (asked) this.#send(asked);
        else if (!this.frozen && this.fresh && camera.on) this.#capture();
    }

    async #capture() {
        this.fresh = false;
        this.encoding = true;
        try {
            const time = performance.now();
            this.camera.draw(this.canvas);
            const frame = await jpegOf(this.canvas);
            if (this.camera.on && !this.frozen) await this.#send({ time, frame, sheet: null });
        } finally {
            this.encoding = false;
        }
        this.#next();
    }

    /** @param {Moment} moment */
    async #send(moment) {
        const feed = this.feed;
        this.encoding = true;
        const bytes = await moment.frame.arrayBuffer();
        this.encoding = false;
        if (!feed?.free || feed !== this.feed) return;
        this.asked = null;
        this.sent = moment;
        feed.send(bytes);
    }

    /** @param {Sheet} sheet */
    #receive(sheet) {
        const moment = this.sent,
            known = moment !== null && this.history.moments.includes(moment);
        this.sent = null;
        this.told.problem("server", "");
        if (!moment || (this.frozen && !known)) return;
        if (sheet.header.layer !== this.layer) {
            if (this.frozen) this.asked = this.shown; // another layer was wanted meanwhile
            return;
        }
        if (known) this.history.fill(moment, sheet);
        else {
            moment.sheet = sheet;
            this.history.add(moment);
            this.pace.add(performance.now(), moment.time);
            this.shown = moment;
        }
        if (this.shown?.sheet) this.told.moment(this.shown);
    }

    /** @param {string | null} reason */
    #lost(reason) {
        if (this.frozen && this.shown && !this.shown.sheet) this.asked = this.shown;
        this.sent = null;
        if (reason === null) return this.told.problem("server", UNREACHABLE);
        this.stop();
        this.told.problem("server", reason === "4404" ? UNKNOWN : reason);
    }

    /**
     * What was seen can still be looked at.
     * @param {string} problem
     */
    #ended(problem) {
        if (problem && this.history.moments.length) this.freeze();
        else this.stop();
        this.told.changed();
        this.told.problem("camera", problem);
    }

    freeze() {
        this.frozen = true;
        this.shown ??= this.history.moments.at(-1) ?? null;
        this.told.changed();
    }

    resume() {
        if (!this.camera.on) return;
        this.frozen = false;
        this.asked = null;
        this.told.changed();
        this.#next();
    }

    /** @param {number} index of the moments, the oldest first */
    look(index) {
        const moment = this.history.moments[index];
        if (!moment) return;
        this.frozen = true;
        this.shown = moment;
        this.told.changed();
        if (moment.sheet) this.told.moment(moment);
        else this.#ask(moment);
    }

    /** @param {Moment} moment */
    #ask(moment) {
        this.asked = moment;
        this.#next();
    }

    /** @param {string} layer */
    turn(layer) {
        this.layer = layer;
        this.history.turn();
        this.feed?.turn(layer);
        if (this.frozen && this.shown) this.#ask(this.shown);
    }

    close() {
        this.camera.close();
        this.feed?.close();
    }
}
