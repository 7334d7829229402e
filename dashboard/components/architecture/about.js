// What is said of one layer: the one under the pointer or with the focus, else the one that is marked.

/** @import { ChartLayer, KindSentence } from "../messages.js" */
/** @import { Picture } from "./pictures.js" */

import { element } from "../parts/element.js";

export const ABOUT = "aa-about"; // its id

export class About {
    node = element("p", { className: "aa-about", id: ABOUT, "data-testid": "about" });
    said = "";

    /**
     * @param {ChartLayer | undefined} layer
     * @param {KindSentence | undefined} sentence
     * @param {Picture | undefined} picture
     */
    fill(layer, sentence, picture) {
        const said = JSON.stringify([layer, sentence, picture]);
        if (said === this.said) return;
        this.said = said;
        if (!layer || !sentence) {
            this.node.replaceChildren();
            return;
        }
        const [text, word, address] = sentence;
        const link = element("a", { href: address, target: "_blank", rel: "noopener" }, `Glossary: ${word}`);
        this.node.replaceChildren(
            element("b", {}, layer.name),
            `, ${layer.kind}, ${layer.dimensions}${seen(layer)}${pictured(picture)}. ${text} `,
            ...(word ? [link] : []),
        );
    }

    /** @param {string} text in place of a layer */
    say(text) {
        this.said = text;
        this.node.replaceChildren(text);
    }
}

/** @param {string} block whose layers inside could not be had */
export const unopened = (block) => `The layers inside ${block} did not come: the server did not answer. Try › again.`;

/** @param {Picture | undefined} picture */
export function pictured(picture) {
    if (!picture) return "";
    return picture.words
        ? `; no picture: ${picture.words.replace(/\.$/, "")}`
        : `; pictured: channel ${picture.channel}`;
}

/** @param {ChartLayer} layer */
export function seen({ field }) {
    return field ? `; sees ${field}` : "";
}
