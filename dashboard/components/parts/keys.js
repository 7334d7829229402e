// What the keys do, and whether they are listened to: a button, and a sheet that it opens for pointer, finger and keys.

import { element } from "./element.js";

const KEPT = "actviz-keys"; // in the browser's store: "off" where the visitor wants no keys
const TYPING = [
    "input:not([type=range], [type=checkbox], [type=radio], [type=button])",
    ...["textarea", "select", "[contenteditable=true]"],
    ...["[role=combobox]", "[role=listbox]", "[role=menu]", "[role=dialog]"],
].join();

export class Keys {
    /** whether keys are listened to */
    listens = localStorage.getItem(KEPT) !== "off";

    /** @param {string[][]} keys what is pressed, and what that does */
    constructor(keys) {
        this.choice = element("input", { type: "checkbox", "data-testid": "keys-on", checked: this.listens });
        this.choice.addEventListener("change", () => this.listen(this.choice.checked));
        this.sheet = element(
            "div",
            { className: "aa-keys", popover: "auto", role: "group", "aria-label": "Keys", "data-testid": "keys-sheet" },
            element("dl", {}, ...keys.flatMap(([key, does]) => [element("dt", {}, key), element("dd", {}, does)])),
            element("label", {}, this.choice, "Listen to these keys"),
        );
        this.button = element(
            "button",
            {
                type: "button",
                className: "aa-step",
                "data-testid": "keys",
                title: "What the keys do",
                "aria-haspopup": "dialog",
            },
            "Keys",
        );
        this.button.addEventListener("click", () => this.sheet.togglePopover());
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

    /**
     * Whether a key that was pressed somewhere on the page is meant for what these keys do.
     * @param {KeyboardEvent} event
     */
    take({ target, ctrlKey, metaKey, altKey, defaultPrevented }) {
        const typing = target instanceof Element && target.closest(TYPING);
        return this.listens && !ctrlKey && !metaKey && !altKey && !defaultPrevented && !typing;
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
