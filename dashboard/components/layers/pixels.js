// The pixels that drive a channel: asked for when another picture, channel or method is looked at, the newest first.

/**
 * @import { Colours } from "../parts/colours.js"
 * @import { MapNews } from "../parts/map_message.js"
 */

import { element, show } from "../parts/element.js";
import { decode } from "../parts/map_message.js";
import { Newest } from "../parts/newest.js";
import { Overlay } from "../parts/overlay.js";
import { Scale } from "../parts/scale.js";
import { UNREACHABLE } from "./camera_words.js";
import { recallLook, rememberLook } from "./memory.js";

const METHODS = [
    ["gradient", "gradient"],
    ["guided", "guided backpropagation"],
    ["deconvolution", "deconvolution"],
];
const BETWEEN = 400, // ms between two questions while the camera runs
    PATIENCE = 60_000;

/**
 * @typedef {object} Question
 * @property {string} layer
 * @property {number} channel
 * @property {Blob | null} frame of the camera; null: the visitor's image
 * @property {boolean} moving whether others follow by themselves
 */

export class Pixels {
    /** @type {Question | null} */
    question = null;
    /** what was asked last, and of which frame */
    asked = "";
    /** @type {Blob | null} */
    frame = null;
    /** @type {Newest<Question & { method: string }>} */
    newest = new Newest((question) => this.#ask(question));

    /**
     * @param {string} door
     * @param {[height: number, width: number]} size
     * @param {Colours} colours
     */
    constructor(door, size, colours) {
        this.address = `${door}/pixels`;
        this.colours = colours;
        this.overlay = new Overlay("the pixels that drive it", size, (spot) => this.overlay.mark(spot));
        this.scale = new Scale();
        const options = METHODS.map(([value, text]) => element("option", { value }, text));
        this.method = element("select", { className: "al-select", "data-testid": "method" }, ...options);
        this.method.value = recallLook().method;
        this.method.addEventListener("change", () => {
            rememberLook({ method: this.method.value });
            if (this.question) this.ask(this.question);
        });
        this.node = element(
            "section",
            { className: "al-pixels", "aria-label": "pixels that drive it", "data-testid": "pixels" },
            element("label", {}, "Pixels that drive it: ", this.method),
            this.overlay.node,
            this.scale.node,
        );
    }

    /**
     * What was asked already is not asked again: another order or scale of the sheet changes nothing here.
     * @param {Question} question
     */
    ask(question) {
        const { layer, channel, frame } = question,
            method = this.method.value,
            of = [layer, channel, method].join();
        this.question = question;
        if (of === this.asked && frame === this.frame) return;
        this.asked = of;
        this.frame = frame;
        this.newest.put({ ...question, method });
    }

    /** @param {Question & { method: string }} question */
    async #ask({ layer, channel, frame, moving, method }) {
        const late = () => {
            const { question } = this;
            return question?.layer !== layer || question.channel !== channel || method !== this.method.value;
        };
        const asked = new URLSearchParams({ layer, channel: String(channel), method });
        try {
            const answer = await fetch(`${this.address}?${asked}`, {
                method: "POST",
                body: frame,
                signal: AbortSignal.timeout(PATIENCE),
            });
            if (!answer.ok) throw new Error((await answer.json()).error);
            const news = decode(await answer.arrayBuffer());
            if (!late()) this.#show(news);
        } catch (problem) {
            if (!late()) this.#complain(problem);
        }
        if (moving) await new Promise((resolve) => setTimeout(resolve, BETWEEN));
    }

    /** @param {MapNews} news */
    #show(news) {
        const { header } = news;
        this.overlay.draw(news, this.colours);
        this.scale.draw(header, this.colours);
        if (header.words) this.scale.turn(false);
        this.node.dataset.method = this.method.value;
        this.node.dataset.channel = String(this.question?.channel);
    }

    /**
     * Words stand where the map would be.
     * @param {unknown} problem
     */
    #complain(problem) {
        this.asked = "";
        this.overlay.map.hidden = true;
        this.scale.turn(false);
        const known = problem instanceof Error && !(problem instanceof TypeError || problem instanceof SyntaxError);
        show(this.overlay.words, known && !(problem instanceof DOMException) ? problem.message : UNREACHABLE);
    }

    forget() {
        this.question = null;
        this.asked = "";
        this.newest.forget();
        this.overlay.map.hidden = true;
        this.scale.turn(false);
        show(this.overlay.words, "");
    }
}
