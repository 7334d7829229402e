// Where the teacher points on every screen: the page is scrolled there, and a ring stands around it for some seconds.

import { element } from "../parts/element.js";
import { open } from "../parts/sidebar.js";

const SECONDS = 8;
const STILL = "(prefers-reduced-motion: reduce)";

/** @type {{ [place: string]: string[] }} what each place is on the pages that have it, the first that is seen counts */
export const PLACES = {
    picture: [".av-viewer .av-pictures", ".ax-explain .ax-grid", ".ag-gallery .ag-main", ".al-layout .al-main"],
    curves: [".av-viewer .av-curves"],
    controls: [".st-key-step_controls", '[data-testid="stSidebarUserContent"]', ".ax-tools"],
    layers: [".aa-architecture"],
    task: [".al-question", ".al-lesson"],
};

export class Pointer {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    ending = undefined;
    /** @type {Element | null} */
    target = null;

    constructor() {
        this.ring = element("div", { className: "am-ring", "aria-hidden": "true", hidden: true });
        this.ring.dataset.testid = "class-ring";
    }

    /**
     * Whether the page has such a place.
     * @param {string} place
     */
    point(place) {
        this.end();
        const found = (PLACES[place] ?? []).flatMap((selector) => [...document.querySelectorAll(selector)]);
        const seen = found.find((node) => isSeen(node));
        this.target = seen ?? found.find((node) => open(node)) ?? null;
        if (!this.target) return false;
        seen?.scrollIntoView({ block: "center", behavior: matchMedia(STILL).matches ? "auto" : "smooth" });
        this.ring.hidden = false;
        this.#follow();
        this.ending = setTimeout(() => this.end(), 1000 * SECONDS);
        return true;
    }

    // The page may be scrolled or drawn anew meanwhile.
    #follow() {
        if (!this.target) return;
        const { left, top, width, height } = this.target.getBoundingClientRect();
        Object.assign(this.ring.style, {
            left: `${left}px`,
            top: `${top}px`,
            width: `${width}px`,
            height: `${height}px`,
        });
        if (!this.target.isConnected) return this.end();
        requestAnimationFrame(() => this.#follow());
    }

    end() {
        clearTimeout(this.ending);
        this.target = null;
        this.ring.hidden = true;
    }
}

/** @param {Element} node */
function isSeen(node) {
    const { width, height, right } = node.getBoundingClientRect();
    return width > 0 && height > 0 && right > 0 && node.checkVisibility({ visibilityProperty: true });
}
