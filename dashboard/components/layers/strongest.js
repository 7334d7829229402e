// What the canvas shows, in words, for those who do not see it: the strongest channels.

/** @import { Sheet } from "./sheet.js" */

import { element } from "../parts/element.js";
import { speaker } from "../parts/speaker.js";
import { sorted } from "./sorting.js";
import { sizeWords, strongestWords } from "./words.js";

const SO_MANY = 10;
export const STRONGEST = "al-strongest"; // its id

export class Strongest {
    /** the layer that was told of last */
    told = "";

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
        const channels = sorted("strength", sheet.peaks).slice(0, SO_MANY),
            words = strongestWords(sheet, channels),
            { layer } = sheet.header,
            said = `${layer}, ${sizeWords(sheet.header)}. Strongest: ${words[0]}.`;
        this.node.replaceChildren(...words.map((each) => element("li", {}, each)));
        if (layer === this.told) speaker.state(said, this);
        else speaker.event(said, this);
        this.told = layer;
    }

    close() {
        speaker.leave(this);
    }
}
