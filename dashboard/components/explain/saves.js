// What can be saved of a map, or of all of them; pictures with maps as opaque as they are on the page.

/** @import { Save } from "../messages.js" */

import { element } from "../parts/element.js";
import { Saving } from "../parts/saving.js";

export class Saves {
    saving = new Saving();

    /**
     * @param {Save[]} saves
     * @param {() => number} opacity of the maps by now
     */
    constructor(saves, opacity) {
        this.saves = saves;
        this.opacity = opacity;
        const links = saves.map(([href, label, what]) => this.#link(href, label, what));
        this.node = element("div", { className: "av-line ax-saves" }, ...links, this.saving.node);
        this.node.hidden = !saves.length;
    }

    /**
     * @param {string} href
     * @param {string} label
     * @param {string} what its name within a sentence
     */
    #link(href, label, what) {
        const link = element("a", { href, download: "", "data-testid": "save" }, label);
        link.setAttribute("aria-label", `save ${what} (${label})`);
        this.saving.attach(link, what, href.endsWith(".png") ? () => `?opacity=${this.opacity()}` : undefined);
        return link;
    }

    /** @param {boolean} made whether there is anything to be saved by now */
    turn(made) {
        this.node.hidden = !made || !this.saves.length;
    }

    /** @param {Save[]} saves */
    same(saves) {
        return JSON.stringify(saves) === JSON.stringify(this.saves);
    }

    close() {
        this.saving.close();
    }
}
