// Tips: one line with what may be tried next, and a button that closes it for good.

/** @import { Call, TipsData } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { Mounts } from "../parts/mounts.js";
import { SAVED } from "../parts/saving.js";
import { close, closed } from "./memory.js";

/** @type {Mounts<Tips>} */
const mounted = new Mounts();

/** @param {Call<TipsData>} call */
export function mount({ parentElement, data, setStateValue }) {
    const tips = mounted.at(parentElement) ?? mounted.put(parentElement, new Tips(parentElement));
    tips.tell = (names) => setStateValue("closed", names);
    tips.show(data.tips);
}

/** @param {HTMLElement} parentElement */
export function unmount(parentElement) {
    mounted.remove(parentElement);
}

class Tips {
    /** @type {(names: string[]) => void} */
    tell = () => {};
    /** @type {TipsData["tips"]} */
    tips = [];

    /** @param {HTMLElement} parent */
    constructor(parent) {
        this.words = element("p", { role: "status" });
        this.button = element("button", { type: "button", className: "at-button" }, "Got it");
        this.button.addEventListener("click", () => this.#close());
        const properties = { className: "at-tips", "aria-label": "What to try", "data-testid": "tips" };
        this.node = element("aside", properties, this.words, this.button);
        parent.append(this.node);
        window.addEventListener(SAVED, this.#saved);
    }

    // The page hears of the others, and leaves them out; a file is the browser's own affair.
    #saved = () => {
        if (!this.tips.some(([name]) => name === "save") || closed().includes("save")) return;
        this.tell(close("save"));
        this.#draw();
    };

    /** @param {TipsData["tips"]} tips */
    show(tips) {
        const left = tips.map(([name]) => name);
        this.tips.filter(([name]) => !left.includes(name)).forEach(([name]) => close(name)); // they have been followed
        this.tips = tips;
        this.#draw();
    }

    get #next() {
        const names = closed();
        return this.tips.find(([name]) => !names.includes(name));
    }

    #draw() {
        const [name = "", text = ""] = this.#next ?? [];
        this.node.hidden = !name;
        if (name) show(this.words, `Try this: ${text}`);
        this.node.dataset.tip = name;
    }

    #close() {
        const name = this.#next?.[0];
        if (!name) return;
        this.tell(close(name));
        this.#draw();
        // What had the keyboard's focus is gone: the run comes next.
        if (this.node.hidden) /** @type {HTMLElement | null} */ (document.querySelector(".av-viewer"))?.focus();
    }

    close() {
        window.removeEventListener(SAVED, this.#saved);
        this.node.remove();
    }
}
