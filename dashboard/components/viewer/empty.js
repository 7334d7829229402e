// What stands where no run is shown: a sentence, and above it a picture where there is one. And what stands where a
// run's pictures are not to be seen yet.

/** @import { ViewerData } from "../messages.js" */

import { element, show } from "../parts/element.js";

export class Empty {
    constructor() {
        this.still = element("img", { className: "av-still", "data-testid": "still" });
        this.words = element("span");
        this.node = element("p", { className: "av-placeholder" }, this.still, this.words);
        this.cover = element("p", { className: "av-cover", "data-testid": "cover", hidden: true });
    }

    /**
     * @param {ViewerData} data
     * @param {boolean} running whether a run is shown
     */
    update({ placeholder, still, title, covered }, running) {
        show(this.words, placeholder);
        show(this.cover, covered);
        this.cover.hidden = !covered;
        this.still.hidden = running || !still;
        if (!this.still.hidden && this.still.src !== still) Object.assign(this.still, { src: still, alt: title });
    }
}
