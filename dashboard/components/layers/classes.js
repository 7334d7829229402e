// What the network says to the picture: its likeliest classes.

/** @import { ClassEntry } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { percent } from "../parts/numbers.js";

export class Classes {
    constructor() {
        this.node = element("ol", {
            className: "al-classes",
            "aria-label": "the network's likeliest classes",
            "data-testid": "classes",
        });
        /** @type {ReturnType<typeof row>[]} */
        this.rows = [];
    }

    /** @param {ClassEntry[]} classes */
    show(classes) {
        while (this.rows.length < classes.length) {
            const made = row();
            this.rows.push(made);
            this.node.append(made.node);
        }
        this.rows.forEach(({ node, name, share }, place) => {
            node.hidden = place >= classes.length;
            if (node.hidden) return;
            const [, title, probability] = classes[place];
            show(name, title);
            name.title = title;
            show(share, percent(probability));
            node.style.setProperty("--al-share", String(probability));
        });
    }
}

function row() {
    const name = element("span", { className: "al-name" }),
        share = element("span", { className: "al-value" }),
        node = element("li", {}, name, share, element("i", { "aria-hidden": "true" }));
    return { node, name, share };
}
