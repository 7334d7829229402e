// What the canvas shows, in words, for those who do not see it: the strongest channels.

/** @import { Sheet } from "./sheet.js" */

import { element } from "../parts/element.js";
import { sorted } from "./sorting.js";
import { strongestWords } from "./words.js";

const SO_MANY = 10;
export const STRONGEST = "al-strongest"; // its id

export class Strongest {
    constructor() {
        this.node = element("ol", {
            className: "al-word",
            id: STRONGEST,
            "aria-label": "the strongest channels",
            "data-testid": "strongest",
        });
    }

    /** @param {Sheet} sheet */
    show(sheet) {
        const channels = sorted("strength", sheet.peaks).slice(0, SO_MANY);
        this.node.replaceChildren(...strongestWords(sheet, channels).map((words) => element("li", {}, words)));
    }
}
