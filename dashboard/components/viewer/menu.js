// The Save menu: disabled until there is something to save, its links absent until they work.

/**
 * @import { Save } from "./saves.js"
 * @import { Words } from "./words.js"
 */

import { button, element } from "../parts/element.js";
import { download, SAVED, Saving } from "../parts/saving.js";
import { NOTHING } from "./saves.js";

/** @typedef {() => { canvas: HTMLCanvasElement, name: string }} Shown what is shown, as one picture */

export class SaveMenu {
    offered = NOTHING;
    /** @type {HTMLAnchorElement[]} */
    links = [];

    /**
     * @param {Words} words
     * @param {Shown} shown
     */
    constructor(words, shown) {
        this.words = words;
        this.shown = shown;
        this.saving = new Saving(words);
        this.open = button("save", words.save, words.save_hint, () => this.toggle(Boolean(this.list.hidden)));
        this.open.setAttribute("aria-haspopup", "true");
        // Some browsers focus no link that is clicked: the list takes the focus then.
        this.list = element("div", { className: "av-menu", role: "group", "aria-label": words.save, tabIndex: -1 });
        this.node = element("div", { className: "av-save" }, this.open, this.list);
        this.node.addEventListener("focusout", ({ relatedTarget }) => {
            if (!(relatedTarget instanceof Node && this.node.contains(relatedTarget))) this.toggle(false);
        });
        this.node.addEventListener("keydown", (event) => {
            if (event.key === "Escape" && !this.list.hidden) this.leave();
        });
        this.withdraw();
    }

    /**
     * @param {readonly Save[]} saves
     * @param {string} files where they lie
     * @param {string} query what is asked of those of one iteration
     */
    offer(saves, files, query) {
        if (saves !== this.offered) this.links = saves.map((save) => this.link(save));
        if (saves !== this.offered) this.list.replaceChildren(...this.links);
        this.offered = saves;
        saves.forEach(({ file, single }, index) => {
            this.links[index].href = `${files}/save/${file}${single ? query : ""}`;
        });
        this.open.disabled = !saves.length;
        if (!saves.length) this.toggle(false);
    }

    withdraw() {
        this.offer(NOTHING, "", "");
    }

    /** @param {Save} save */
    link({ file, testid, text, way, what = text }) {
        const link = element("a", { "data-testid": testid, "data-file": file, download: "" }, this.words[text]);
        if (way === "wait") this.saving.attach(link, this.words[what]);
        link.addEventListener("click", (event) => {
            if (way !== "download") event.preventDefault();
            if (way === "copy") this.saving.copy(link.getAttribute("href") ?? "");
            if (way === "shown") this.keep();
            this.leave();
            window.dispatchEvent(new Event(SAVED));
        });
        return link;
    }

    keep() {
        const { canvas, name } = this.shown();
        canvas.toBlob((blob) => blob && download(blob, `${name.replace(/[^\w.]+/g, "-")}.png`));
    }

    leave() {
        this.open.focus();
        this.toggle(false);
    }

    /** @param {boolean} open */
    toggle(open) {
        this.list.hidden = !open;
        this.open.setAttribute("aria-expanded", String(open));
        if (open) this.open.focus();
    }

    close() {
        this.saving.close();
    }
}
