// Two buttons: to the one before, and to the next.

import { element } from "../parts/element.js";

/** @typedef {"layer" | "channel"} What */

const KEYS = { layer: ["Shift+P", "Shift+N"], channel: ["P", "N"] };

/**
 * @param {string} name
 * @param {string} text
 * @param {() => void} act
 */
export function stepButton(name, text, act) {
    const button = element("button", { type: "button", className: "aa-step", "data-testid": name }, text);
    button.addEventListener("click", () => button.getAttribute("aria-disabled") === "true" || act());
    return button;
}

/**
 * Not `disabled`, which would take the focus away.
 * @param {HTMLElement} button
 * @param {boolean} enabled
 */
export function enable(button, enabled) {
    button.setAttribute("aria-disabled", String(!enabled));
}

/** @param {string} word */
export const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

export class Steps {
    /**
     * @param {What} what
     * @param {(by: -1 | 1) => void} go
     */
    constructor(what, go) {
        this.keys = KEYS[what];
        this.back = stepButton(`previous-${what}`, "‹", () => go(-1));
        this.on = stepButton(`next-${what}`, "›", () => go(1));
        this.name = element("span", {}, "Layer");
        const properties = { className: "aa-steps", role: "group", "data-noun": what };
        this.node = element("div", properties, this.back, this.name, this.on);
    }

    /**
     * @param {string} noun what is counted
     * @param {number} before how many
     * @param {number} after how many
     */
    describe(noun, before, after) {
        this.node.setAttribute("aria-label", noun);
        label(this.back, `Previous ${noun}`, this.keys[0]);
        label(this.on, `Next ${noun}`, this.keys[1]);
        enable(this.back, before > 0);
        enable(this.on, after > 0);
    }
}

/**
 * @param {HTMLElement} button
 * @param {string} text
 * @param {string} key
 */
function label(button, text, key) {
    button.title = `${text} (${key})`;
    button.setAttribute("aria-label", text);
    button.setAttribute("aria-keyshortcuts", key);
}
