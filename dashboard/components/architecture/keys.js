// What the keys do, and whether they are listened to: a button, and a sheet that it opens for pointer, finger and keys.

import { element } from "../parts/element.js";
import { stepButton } from "./steps.js";

const KEPT = "actviz-keys"; // in the browser's store: "off" where the visitor wants no keys
const KEYS = [
    ["N, P", "next and previous channel or class"],
    ["Shift+N, Shift+P", "next and previous layer"],
    ["X", "a random one"],
];

export class Keys {
    /** whether keys are listened to */
    listens = localStorage.getItem(KEPT) !== "off";

    constructor() {
        this.choice = element("input", { type: "checkbox", "data-testid": "keys-on", checked: this.listens });
        this.choice.addEventListener("change", () => this.listen(this.choice.checked));
        this.sheet = element(
            "div",
            { className: "aa-keys", popover: "auto", role: "group", "aria-label": "Keys", "data-testid": "keys-sheet" },
            element("dl", {}, ...KEYS.flatMap(([key, does]) => [element("dt", {}, key), element("dd", {}, does)])),
            element("label", {}, this.choice, "Listen to these keys"),
        );
        this.button = stepButton("keys", "Keys", () => this.sheet.togglePopover());
        this.button.title = "What the keys do";
        this.button.setAttribute("aria-haspopup", "dialog");
        this.sheet.addEventListener("toggle", (event) => this.opened(event.newState === "open"));
        this.node = element("div", { className: "aa-keys-place" }, this.button, this.sheet);
        this.listen(this.listens);
    }

    /** @param {boolean} listens */
    listen(listens) {
        this.listens = listens;
        this.button.dataset.listens = String(listens);
        localStorage.setItem(KEPT, listens ? "on" : "off");
    }

    /** @param {boolean} open */
    opened(open) {
        this.button.setAttribute("aria-expanded", String(open));
        if (!open) return;
        const { bottom, right } = this.button.getBoundingClientRect(),
            left = Math.max(8, right - this.sheet.offsetWidth);
        Object.assign(this.sheet.style, { top: `${bottom + 4}px`, left: `${left}px` });
        this.choice.focus();
    }
}
