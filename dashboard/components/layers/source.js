// What the network looks at: the visitor's image, or what the camera sees.

/**
 * @import { LayersData } from "../messages.js"
 * @import { Moment } from "./history.js"
 * @import { Sheet } from "./sheet.js"
 */

import { element } from "../parts/element.js";
import { Controls } from "./controls.js";
import { hand } from "./frame.js";
import { photo } from "./jpeg.js";
import { Live } from "./live.js";
import { Problems } from "./problems.js";
import { Stage } from "./stage.js";
import { Stills } from "./stills.js";

const NOT_READ = "This file could not be read as a picture. Choose a photo, such as a JPEG or PNG file.";

/**
 * @typedef {object} Heard
 * @property {(sheet: Sheet) => void} sheet of the layer that is wanted
 * @property {() => void} picture it is drawn now, or there is none any more
 * @property {() => void} kept a frame or a photo has become the visitor's image
 * @property {() => void} unknown the server no longer knows the image
 */

export class Source {
    /** @type {Moment | null} of the camera, that is shown */
    moment = null;
    problems = new Problems();
    keeping = false;

    /**
     * @param {LayersData} data
     * @param {Heard} heard
     */
    constructor(data, heard) {
        this.data = data;
        this.heard = heard;
        this.layer = data.layer;
        this.live = new Live(data, {
            moment: (moment) => this.#show(moment),
            changed: () => this.#turn(),
            problem: (about, problem) => this.problems.say(about, problem),
        });
        this.stage = new Stage(data.size, this.live.camera.video);
        this.controls = new Controls(this.live, {
            keep: async () => (await this.keep()) && this.heard.kept(),
            photo: (file) => this.#take(file),
        });
        this.image = element("img", { alt: "" });
        this.stills = this.#still();
    }

    /** Once whoever hears of it is there. */
    begin() {
        this.#turn();
        this.turn(this.layer);
    }

    /** The visitor's image, where there is one. */
    #still() {
        const { door, version } = this.data;
        if (!version) return null;
        this.image.addEventListener("load", () => this.#turn());
        this.image.src = `${door}/seen.jpg?v=${encodeURIComponent(version)}`;
        return new Stills(door, version, {
            receive: (sheet) => this.#receive(sheet),
            refused: (problem) => this.problems.say("server", problem),
            unknown: () => this.heard.unknown(),
        });
    }

    /** Whether there is a picture. */
    get there() {
        return this.live.on || this.stills !== null;
    }

    /** Whether others follow by themselves. */
    get moving() {
        return this.live.camera.on && !this.live.frozen;
    }

    get frame() {
        return this.moment?.frame ?? null;
    }

    /** On, off, frozen, another moment; or the image has come. */
    #turn() {
        const { live, stage } = this,
            { on, mirrored } = live.camera;
        this.controls.turn();
        stage.mark({ on, mirrored: live.on && mirrored, frozen: live.frozen }, this.there);
        if (live.on) this.#freeze();
        else this.#rest();
    }

    /** Without a camera it is the image. */
    #rest() {
        const { stage, image } = this,
            before = this.moment;
        this.moment = null;
        if (image.complete && image.naturalWidth) stage.draw(image);
        if (before && this.stills) this.stills.show(this.layer);
        this.heard.picture();
    }

    /** The frame that is held, instead of the camera's own. */
    async #freeze() {
        const { frozen, shown } = this.live;
        if (frozen && shown && (await this.stage.decode(shown.frame))) this.heard.picture();
    }

    /** @param {Sheet} sheet of the image */
    #receive(sheet) {
        if (this.live.on) return;
        this.problems.say("server", "");
        this.heard.sheet(sheet);
    }

    /** @param {Moment} moment */
    #show(moment) {
        this.moment = moment;
        if (this.moving) this.stage.draw(this.live.canvas);
        this.controls.tick();
        if (moment.sheet) this.heard.sheet(moment.sheet);
    }

    /** @param {string} layer */
    turn(layer) {
        this.layer = layer;
        this.live.turn(layer);
        if (!this.live.on) this.stills?.show(layer);
    }

    /** Whether what is shown is the visitor's image: a frame of the camera becomes it. */
    async keep() {
        if (!this.frame) return true;
        return this.#hand(this.frame);
    }

    /** @param {Blob} frame */
    async #hand(frame) {
        if (this.keeping) return false;
        this.keeping = true;
        const problem = await hand(this.data.door, frame);
        this.keeping = false;
        this.problems.say("photo", problem);
        return !problem;
    }

    /** @param {File} file */
    async #take(file) {
        const made = await photo(file).catch((problem) => console.info("layers:", problem));
        if (!made) return this.problems.say("photo", NOT_READ);
        if (await this.#hand(made)) this.heard.kept();
    }

    close() {
        this.live.close();
        this.stills?.close();
    }
}
