// Keys that are heard wherever the focus is, unless something there needs them.

/** @import { Keys } from "../parts/keys.js" */

const NEEDS = {
    " ": "button, a, summary, input, select, [role=button], [role=radio], [role=checkbox], [role=tab]",
    ArrowLeft: "input, select, [role=slider], [role=radiogroup], [role=tablist], video",
};

/**
 * @typedef {object} Act
 * @property {(by: -1 | 1) => void} layer
 * @property {(by: -1 | 1) => void} channel
 * @property {() => void} sort
 * @property {() => void} scale
 * @property {() => void} freeze
 * @property {() => void} close
 */

export class Shortcuts {
    /**
     * @param {Keys} keys
     * @param {Act} act
     */
    constructor(keys, act) {
        this.keys = keys;
        /** @type {{ [key: string]: () => void }} */
        this.acts = {
            ArrowLeft: () => act.layer(-1),
            ArrowRight: () => act.layer(1),
            "[": () => act.layer(-1),
            "]": () => act.layer(1),
            P: () => act.layer(-1),
            N: () => act.layer(1),
            p: () => act.channel(-1),
            n: () => act.channel(1),
            s: act.sort,
            c: act.scale,
            " ": act.freeze,
            Escape: act.close,
        };
        window.addEventListener("keydown", this.press);
    }

    press = (/** @type {KeyboardEvent} */ event) => {
        const { key, shiftKey, target } = event,
            act = this.acts[key];
        if (!act || !this.keys.take(event) || (shiftKey && key !== key.toUpperCase())) return;
        const needs = NEEDS[/** @type {keyof typeof NEEDS} */ (key === "ArrowRight" ? "ArrowLeft" : key)];
        if (needs && target instanceof Element && target.closest(needs)) return;
        event.preventDefault();
        act();
    };

    close() {
        window.removeEventListener("keydown", this.press);
    }
}
