// What stands where no run is shown: a sentence, and above it a picture where there is one.

/** @import { ViewerData } from "../messages.js" */

import { element, show } from "../parts/element.js";

export class Empty {
    constructor() {
        this.still = element("img", { className: "av-still", "data-testid": "still" });
        this.words = element("span");
        this.node = element("p", { className: "av-placeholder" }, this.still, this.words);
    }

    /**
     * @param {ViewerData} data
     * @param {boolean} running whether a run is shown
     */
    update({ placeholder, still, title }, running) {
        show(this.words, placeholder);
        this.still.hidden = running || !still;
        if (!this.still.hidden && this.still.src !== still) Object.assign(this.still, { src: still, alt: title });
    }
}
