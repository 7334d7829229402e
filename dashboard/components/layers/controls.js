// The camera's controls: on and off, freeze, scrub back, which camera; and a photo where there is none.

/** @import { Live } from "./live.js" */

import { button, element, show } from "../parts/element.js";
import { agoWords, paceWords } from "./camera_words.js";

/**
 * @typedef {object} Wished
 * @property {() => void} keep the frame that is shown becomes the image
 * @property {(file: File) => void} photo
 */

export class Controls {
    /**
     * @param {Live} live
     * @param {Wished} wished
     */
    constructor(live, { keep, photo }) {
        this.live = live;
        this.on = button("live", "Start camera", "See the layer answer to your camera", () => live.start());
        this.off = button("stop", "Stop camera", "Back to the image", () => live.stop());
        this.freeze = plain("freeze", "Freeze", "Hold this frame (Space)", () => this.toggle());
        this.keep = plain("keep", "Keep this frame", "Make it the image, here and on Explain", keep);
        this.devices = element("select", { className: "al-select", "aria-label": "Camera", "data-testid": "device" });
        this.devices.addEventListener("change", () => live.start(this.devices.value));
        this.scrub = element("input", { type: "range", className: "av-scrub", min: 0, step: 1 });
        this.scrub.dataset.testid = "scrub";
        this.scrub.setAttribute("aria-label", "look back, up to ten seconds");
        this.scrub.addEventListener("input", () => live.look(Number(this.scrub.value)));
        this.back = element("span", { className: "al-note" });
        this.past = element("div", { className: "al-past" }, this.scrub, this.back);
        this.pace = element("span", { className: "al-note", "data-testid": "pace" });
        this.file = this.#file(photo);
        const take = plain("photo", "Take a photo", "With this device's camera, or choose a file", () =>
                this.file.click(),
            ),
            properties = { className: "al-buttons", role: "group", "aria-label": "camera" };
        this.buttons = element("div", properties, this.on, this.off, this.freeze, this.keep, take, this.devices);
        this.node = element("div", { className: "al-camera" }, this.pace, this.past, this.buttons, this.file);
        this.turn();
    }

    /** @param {(file: File) => void} photo */
    #file(photo) {
        const node = element("input", { type: "file", accept: "image/*", hidden: true, "data-testid": "photo-file" });
        node.setAttribute("capture", "environment");
        node.addEventListener("change", () => {
            const [file] = node.files ?? [];
            node.value = "";
            if (file) photo(file);
        });
        return node;
    }

    toggle() {
        if (!this.live.on) return;
        if (this.live.frozen) this.live.resume();
        else this.live.freeze();
    }

    /** On, off, frozen, or another moment. */
    turn() {
        const { live } = this,
            { frozen, on, camera } = live,
            focused = document.activeElement;
        this.on.hidden = camera.on;
        this.off.hidden = !on;
        name(this.off, camera.on ? "Stop camera" : "Forget these frames");
        this.freeze.hidden = !on || (frozen && !camera.on);
        this.freeze.setAttribute("aria-pressed", String(frozen));
        show(this.freeze, frozen ? "Go on" : "Freeze");
        this.keep.hidden = !live.shown;
        this.past.hidden = !frozen;
        this.pace.hidden = frozen || !on;
        if (focused === this.on && camera.on)
            this.freeze.focus(); // Space then freezes, as the keys say
        else if (focused === this.off && !camera.on) this.on.focus();
        this.#lookBack();
        if (camera.on && this.devices.dataset.of !== camera.device) this.#choose();
        this.devices.hidden = !camera.on || this.devices.length < 2;
    }

    #lookBack() {
        const { moments } = this.live.history,
            index = this.live.shown ? moments.indexOf(this.live.shown) : moments.length - 1;
        if (index < 0) return;
        this.scrub.max = String(moments.length - 1);
        this.scrub.value = String(index);
        const words = agoWords(moments[moments.length - 1].time - moments[index].time);
        show(this.back, words);
        this.scrub.setAttribute("aria-valuetext", words);
    }

    async #choose() {
        const { camera } = this.live,
            devices = await camera.devices();
        this.devices.dataset.of = camera.device;
        this.devices.replaceChildren(
            ...devices.map(({ deviceId, label }, place) =>
                element("option", { value: deviceId }, label || `Camera ${place + 1}`),
            ),
        );
        this.devices.value = camera.device;
        this.devices.hidden = !camera.on || devices.length < 2;
    }

    /** Another sheet has come. */
    tick() {
        const { pace } = this.live;
        show(this.pace, paceWords(pace.rate, pace.delay));
    }
}

/**
 * @param {HTMLElement} button
 * @param {string} text
 */
function name(button, text) {
    button.setAttribute("aria-label", text);
    const words = button.querySelector("span");
    if (words) show(words, text);
}

/**
 * @param {string} testid
 * @param {string} text
 * @param {string} title
 * @param {() => void} act
 */
export function plain(testid, text, title, act) {
    const properties = { type: "button", className: "av-button al-plain", "data-testid": testid, title },
        node = element("button", properties, text);
    node.addEventListener("click", act);
    return node;
}
