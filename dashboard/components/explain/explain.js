// Explain: an image of the visitor's, what the network sees of it and says to it, and maps of where that comes from.

/** @import { Call, ExplainData, ExplainEvent } from "../messages.js" */

import { Colours } from "../parts/colours.js";
import { element } from "../parts/element.js";
import { keyboard } from "../parts/keys.js";
import { Mounts } from "../parts/mounts.js";
import { Queue } from "../parts/queue.js";
import { uncover } from "../parts/sidebar.js";
import { Classes } from "./classes.js";
import { kindOf } from "./events.js";
import { Framing } from "./framing.js";
import { recallMode, rememberMode } from "./memory.js";
import { Panels } from "./panels.js";
import { Picture } from "./picture.js";
import { Touch } from "./touch.js";

/** @type {Mounts<Explain>} */
const mounted = new Mounts();

/** @param {Call<ExplainData>} call */
export function mount({ parentElement, data, setTriggerValue }) {
    let explain = mounted.at(parentElement);
    if (!explain?.shows(data)) {
        const another = explain?.data.image.version !== data.image.version;
        explain?.close();
        explain = mounted.put(parentElement, new Explain(parentElement, data));
        if (another) uncover(explain.root); // an image was chosen: its maps come by themselves
    }
    explain.queue.send = (event) => setTriggerValue("event", event);
    explain.hear(data);
}

/** @param {HTMLElement} parentElement */
export function unmount(parentElement) {
    mounted.remove(parentElement);
}

/** @typedef {"frame" | "touch"} Mode what is done with the image: its frame is moved, or it is drawn upon */

class Explain {
    queue = new Queue(kindOf);

    /**
     * @param {HTMLElement} parent
     * @param {ExplainData} data
     */
    constructor(parent, data) {
        this.data = data;
        const tell = (/** @type {ExplainEvent} */ event) => this.queue.put(event);
        this.picture = new Picture(data, () => this.#cut());
        this.framing = new Framing(data, this.picture, (frame) => tell({ kind: "frame", frame }));
        this.classes = new Classes({
            explain: (index) => tell({ kind: "explain_class", index }),
            against: (index) => tell({ kind: "against", index }),
        });
        this.touch = new Touch(data, (changes) => this.classes.change(changes));
        this.panels = new Panels(new Colours(data.colours), this.queue);
        this.modes = [this.#mode("frame", "Frame"), this.#mode("touch", "Mask regions")];
        this.root = this.#assemble();
        // a page that was reloaded, or turns out to be of a visitor who was here before
        this.#turn(data.mode || recallMode());
        parent.append(this.root);
        this.keys = this.#keys();
        keyboard.add(this.keys);
    }

    /** Where the focus is on one of these, which listen by themselves. */
    #keys() {
        const { rectangle } = this.framing;
        return [
            {
                keys: "Arrow keys",
                does: "on the frame: move it; with Shift: resize it",
                able: () => !(rectangle.hidden || this.framing.node.hidden),
            },
            {
                keys: "Arrow keys, Enter, Delete",
                does: "on the image: move a box (with Shift: resize it), mask it, clear all",
                able: () => Boolean(this.framing.node.hidden),
            },
            {
                keys: "Arrow keys",
                does: "on a map: point to a place, whose value is told",
                able: () => this.data.maps.length > 0,
            },
        ];
    }

    /**
     * Whether this is what it shows: the same image, for the same network's size.
     * @param {ExplainData} data
     */
    shows({ door, image, size }) {
        const shown = this.data;
        return door === shown.door && image.version === shown.image.version && size.join() === shown.size.join();
    }

    /**
     * @param {Mode} mode
     * @param {string} text
     */
    #mode(mode, text) {
        const node = element("button", { type: "button", className: "av-button ax-plain", "data-mode": mode }, text);
        node.addEventListener("click", () => {
            rememberMode(mode);
            this.#turn(mode);
        });
        return node;
    }

    /** @param {Mode} mode */
    #turn(mode) {
        this.framing.node.hidden = mode !== "frame";
        this.touch.turn(mode === "touch");
        for (const node of this.modes) node.setAttribute("aria-pressed", String(node.dataset.mode === mode));
    }

    #assemble() {
        const modes = element("div", { className: "ax-modes", role: "group", "aria-label": "image" }, ...this.modes),
            side = element(
                "div",
                { className: "ax-side" },
                modes,
                this.framing.node,
                this.touch.node,
                this.classes.node,
            );
        return element(
            "section",
            { className: "av-viewer ax-explain", "data-testid": "explain", "aria-label": "explanation", tabIndex: -1 },
            element("div", { className: "ax-layout" }, side, this.panels.node),
        );
    }

    /** @param {ExplainData} data */
    hear(data) {
        const asked = data.mode !== this.data.mode; // a lesson's next step may be about the same image
        this.data = data;
        if (asked) this.#turn(data.mode || recallMode());
        this.queue.answer(data.turn);
        if (!this.queue.holds("frame")) this.framing.hear(data.frame);
        this.classes.hear(data);
        this.panels.hear(data, this.picture);
        this.touch.cut(this.picture, data.frame);
    }

    #cut() {
        this.root.dataset.loaded = "true";
        this.touch.cut(this.picture, this.data.frame);
        this.panels.hear(this.data, this.picture);
    }

    close() {
        keyboard.remove(this.keys);
        this.queue.close();
        this.framing.close();
        this.touch.close();
        this.panels.close();
        this.root.remove();
    }
}
