// What stands where no run is shown: a sentence, and above it a picture where there is one. And what stands where a
// run's pictures are not to be seen yet, or cannot begin.

/** @import { Status, ViewerData } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { halt } from "../parts/halt.js";
import { ENDED } from "./status.js";
import { isUnmoved } from "./welcome.js";

export class Empty {
    /** @type {[ViewerData, Status | "", number] | null} what holds */
    held = null;
    halted = () => this.held && this.update(...this.held);

    constructor() {
        this.still = element("img", { className: "av-still", "data-testid": "still" });
        this.words = element("span");
        this.node = element("p", { className: "av-placeholder" }, this.still, this.words);
        this.cover = element("p", { className: "av-cover", "data-testid": "cover", hidden: true });
        halt.listeners.add(this.halted);
    }

    /**
     * @param {ViewerData} data
     * @param {Status | ""} status where the runs stand; "" where none is shown
     * @param {number} iteration
     */
    update(data, status, iteration) {
        const { placeholder, still, title, covered, welcome, unmoved } = data,
            begins = status && !ENDED.includes(status) && !iteration;
        this.held = [data, status, iteration];
        show(this.words, isUnmoved(welcome) ? `${unmoved} ${placeholder}` : placeholder);
        show(this.cover, covered ? behind(covered, status) : begins ? halt.waits : "");
        this.cover.hidden = !this.cover.textContent;
        this.still.hidden = Boolean(status) || !still;
        if (!this.still.hidden && this.still.src !== still) Object.assign(this.still, { src: still, alt: title });
    }

    close() {
        halt.listeners.delete(this.halted);
    }
}

/**
 * What is said in place of the pictures, as their runs stand.
 * @param {NonNullable<ViewerData["covered"]>} covered
 * @param {Status | ""} status
 */
export function behind(covered, status) {
    if (status === "running" || status === "paused") return covered[status];
    return status && ENDED.includes(status) ? covered.ended : covered.waiting;
}
