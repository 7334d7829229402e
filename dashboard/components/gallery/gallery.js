// The gallery: a sheet of thumbnails that fills while one looks, and one channel larger beside it.

/** @import { Call, GalleryData, GalleryEvent, GalleryState } from "../messages.js" */

import { element } from "../parts/element.js";
import { keyboard } from "../parts/keys.js";
import { Mounts } from "../parts/mounts.js";
import { uncover } from "../parts/sidebar.js";
import { Bar } from "./bar.js";
import { Choice } from "./choice.js";
import { Details } from "./details.js";
import { recallOrder, rememberOrder, rememberPaused, wasPaused } from "./memory.js";
import { Poller } from "./poller.js";
import { Thumbnails } from "./thumbnails.js";
import { Tiles } from "./tiles.js";

/** @type {Mounts<Gallery>} */
const galleries = new Mounts();

/** @param {Call<GalleryData>} call */
export function mount({ parentElement, data, setTriggerValue }) {
    let gallery = galleries.at(parentElement);
    if (gallery?.data.door !== data.door || gallery.data.words.lang !== data.words.lang) {
        const first = !gallery;
        gallery?.close();
        gallery = galleries.put(parentElement, new Gallery(parentElement, data));
        if (first) uncover(gallery.root); // a gallery fills by itself: there is nothing to start first
    }
    if (gallery.choice.hear(data.chosen) && data.chosen !== null) gallery.select(data.chosen, true);
    gallery.tell = (event) => setTriggerValue("event", event);
    // Of its own: a double click chooses and opens.
    gallery.choice.tell = (channel, turn) => setTriggerValue("chosen", { channel, turn });
}

/** @param {HTMLElement} parentElement */
export function unmount(parentElement) {
    galleries.remove(parentElement);
}

class Gallery {
    /** @type {(event: GalleryEvent) => void} */
    tell = () => {};
    /** @type {number | null} what is marked, stands beside the sheet and is named in the address */
    selected = null;
    /** @type {number | null} what others are compared with */
    reference = null;
    /** @type {Map<number, number>} channel -> cosine */
    likeness = new Map();

    /**
     * @param {HTMLElement} parent
     * @param {GalleryData} data
     */
    constructor(parent, data) {
        const { words } = data;
        this.data = data;
        this.keys = [
            { keys: words.arrows, does: words.arrows_do },
            { keys: words.enter, does: words.enter_does },
        ];
        this.name = data.door.split("/").pop() ?? "";
        this.choice = new Choice(data.chosen, () => {});
        const paused = wasPaused(this.name),
            open = (/** @type {number} */ channel) => this.tell({ kind: "open", channel });
        this.tiles = new Tiles(data.count, data.door);
        this.bar = new Bar(data, recallOrder(data.chosen), paused, {
            pause: (paused) => this.pause(paused),
            sort: () => this.arrange(),
        });
        this.thumbnails = new Thumbnails(words, data.count, this.tiles, {
            choose: (channel) => this.choose(channel),
            pass: (channel) => this.select(channel, false),
            settle: () => this.settle(),
            open,
        });
        this.thumbnails.node.addEventListener("pointerleave", () => this.sort());
        this.details = new Details(data, { open, add: (channel) => this.tell({ kind: "add", channel }) });
        this.root = this.assemble();
        parent.append(this.root);
        keyboard.add(this.keys);
        this.poller = new Poller(data.door, paused, {
            onScreen: () => this.thumbnails.onScreen(),
            receive: (state) => this.receive(state),
            changed: (connection) => this.bar.connect(connection),
            unknown: () => this.tell({ kind: "reopen" }),
        });
        if (data.chosen !== null) this.select(data.chosen, true);
    }

    assemble() {
        const { data, bar, thumbnails, details } = this,
            main = element("div", { className: "ag-main" }, bar.node, thumbnails.node),
            className = "av-viewer ag-gallery",
            properties = {
                className,
                "data-testid": "gallery",
                "aria-label": data.words.gallery,
                tabIndex: -1,
            };
        const root = element("section", properties, main, details.node);
        root.style.setProperty("--av-height", data.tall);
        root.style.setProperty("--ag-width", `${data.width}px`);
        root.style.setProperty("--ag-height", `${data.height}px`);
        return root;
    }

    /** @param {GalleryState} state */
    receive(state) {
        const { status, coarse, fine, count } = state;
        state.tiles.forEach((tile) => this.thumbnails.put(tile));
        this.bar.update(state);
        Object.assign(this.root.dataset, { status, coarse, fine, count });
        // Nothing changes its place under the pointer; what has come is sorted in when it leaves.
        if (state.tiles.length && (this.bar.by === "index" || !this.thumbnails.node.matches(":hover"))) this.sort();
        else this.showDetails();
    }

    /** @param {boolean} paused */
    pause(paused) {
        rememberPaused(this.name, paused);
        return this.poller.pause(paused);
    }

    /** @param {number} channel */
    choose(channel) {
        this.select(channel, true);
        this.settle();
    }

    /**
     * What the arrow keys pass by stays where it is: sorted by similarity, only a click or Space compares with another
     * one.
     * @param {number} channel
     * @param {boolean} compare
     */
    select(channel, compare) {
        this.selected = channel;
        if (compare || this.reference === null || this.bar.by !== "likeness") this.reference = channel;
        this.thumbnails.select(channel);
        this.bar.nameReference(this.reference);
        if (compare) this.sort();
        else this.showDetails();
    }

    // The page is told where the keys have come to, not what they passed by.
    settle() {
        if (this.selected !== null) this.choice.set(this.selected);
    }

    // Somebody wants another order.
    arrange() {
        rememberOrder(this.bar.by);
        this.sort();
    }

    // By likeness the server decides, and its answer takes its time: what was asked for last counts.
    async sort() {
        const { reference } = this,
            { by } = this.bar;
        this.showDetails();
        if (by === "likeness" && reference !== null) {
            const answer = await fetch(`${this.data.door}/like/${reference}`).catch(() => null);
            if (!answer?.ok || this.bar.by !== by || this.reference !== reference) return;
            this.likeness = new Map(await answer.json());
        }
        this.thumbnails.sort(by, this.likeness);
        this.showDetails();
    }

    showDetails() {
        const { selected, reference, tiles } = this;
        if (selected === null) return;
        const value = this.thumbnails.cosines?.get(selected),
            compared = value !== undefined && reference !== null && selected !== reference,
            similarity = compared ? { to: reference, value } : null;
        this.details.show(selected, tiles.get(selected), tiles.rank(selected), similarity);
    }

    close() {
        keyboard.remove(this.keys);
        this.choice.close();
        this.poller.close();
        this.bar.close();
        this.thumbnails.close();
        this.root.remove();
    }
}
