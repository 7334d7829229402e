// The gallery: called anew by Streamlit after every run of the page's script, it keeps what has not changed.

import { Bar } from "./bar.js";
import { Closer } from "./closer.js";
import { element } from "../parts/element.js";
import { News } from "./news.js";
import { uncover } from "../parts/sidebar.js";
import { Thumbnails } from "./thumbnails.js";

const galleries = new WeakMap();
const AGAIN = 3000; // ms
const PAUSED = "actviz-paused"; // kept by the tab too: the name of the filling that it has paused
const ORDER = "actviz-order"; // kept by the tab: other layers, other pages and a reload leave it

// Similarity is one to a channel that was chosen.
function orderOf({ chosen }) {
    const kept = sessionStorage.getItem(ORDER) ?? "index";
    return kept === "likeness" && chosen === null ? "index" : kept;
}

export function mount({ parentElement, data, setTriggerValue }) {
    let gallery = galleries.get(parentElement);
    if (gallery?.data.door !== data.door) {
        if (!gallery) uncover(); // a gallery fills by itself: there is nothing to start first
        gallery?.close();
        gallery = new Gallery(parentElement, data, orderOf(data));
        galleries.set(parentElement, gallery);
    }
    gallery.hear(data.chosen);
    gallery.tell = (event) => setTriggerValue("event", event);
    gallery.note = (channel) => setTriggerValue("chosen", channel); // of its own: a double click chooses and opens
}

export function unmount(parentElement) {
    galleries.get(parentElement)?.close();
    galleries.delete(parentElement);
}

class Gallery {
    // selected: what is marked, stands in the closer view and is named in the address; reference: what others are compared with
    constructor(parent, data, by) {
        Object.assign(this, {
            data,
            selected: null,
            reference: null,
            noted: data.chosen,
            likeness: new Map(),
            tell: () => {},
            note: () => {},
        });
        const name = data.door.split("/").pop(),
            paused = sessionStorage.getItem(PAUSED) === name;
        const pause = (paused) => {
            if (paused) sessionStorage.setItem(PAUSED, name);
            else sessionStorage.removeItem(PAUSED);
            return this.news.pause(paused);
        };
        this.bar = new Bar(data, by, paused, { pause, sort: () => this.arrange() });
        this.thumbnails = new Thumbnails(data, {
            choose: (channel) => {
                this.select(channel, true);
                this.settle();
            },
            pass: (channel) => this.select(channel, false),
            settle: () => this.settle(),
            open: (channel) => this.open(channel),
        });
        this.closer = new Closer(data, {
            open: (channel) => this.open(channel),
            add: (channel) => this.tell({ kind: "add", channel }),
        });
        this.thumbnails.node.addEventListener("pointerleave", () => this.sort());
        const main = element("div", { className: "ag-main" }, this.bar.node, this.thumbnails.node);
        this.root = element(
            "section",
            { className: "av-viewer ag-gallery", "data-testid": "gallery", "aria-label": "the channels of the layer" },
            main,
            this.closer.node,
        );
        for (const [name, length] of [
            ["av-height", data.tall],
            ["ag-width", `${data.width}px`],
            ["ag-height", `${data.height}px`],
        ])
            this.root.style.setProperty(`--${name}`, length);
        parent.append(this.root);
        this.news = new News(data.door, paused, {
            onScreen: () => this.thumbnails.onScreen(),
            receive: (state) => this.receive(state),
            changed: (connection) => this.bar.connect(connection),
            unknown: () => this.tell({ kind: "reopen" }),
        });
        if (data.chosen !== null) this.select(data.chosen, true);
    }

    receive(state) {
        state.tiles.forEach((tile) => this.thumbnails.put(tile));
        this.bar.update(state);
        Object.assign(this.root.dataset, {
            status: state.status,
            coarse: state.coarse,
            fine: state.fine,
            count: state.count,
        });
        // Nothing changes its place under the pointer; what has come is sorted in when it leaves.
        if (state.tiles.length && (this.bar.by === "index" || !this.thumbnails.node.matches(":hover"))) this.sort();
        else this.showCloser();
    }

    // What the arrow keys pass by stays where it is: sorted by similarity, only a click or Space compares with another one.
    select(channel, compare) {
        this.selected = channel;
        if (compare || this.bar.by !== "likeness") this.reference = channel;
        this.thumbnails.select(channel);
        this.bar.nameReference(this.reference);
        if (compare) this.sort();
        else this.showCloser();
    }

    // The page is told where the keys have come to, not what they passed by.
    settle() {
        if (this.noted === this.selected) return;
        this.noted = this.selected;
        this.notify();
    }

    notify() {
        this.note(this.noted);
        this.doubt();
    }

    // The page says what it knows. Of many keys in a row a note may be lost on the way, or an earlier one be heard last.
    hear(chosen) {
        this.known = chosen;
        if (chosen !== this.noted) this.doubt();
    }

    doubt() {
        clearTimeout(this.check);
        this.check = setTimeout(() => this.known === this.noted || this.notify(), AGAIN);
    }

    open(channel) {
        this.tell({ kind: "open", channel });
    }

    // Somebody wants another order.
    arrange() {
        sessionStorage.setItem(ORDER, this.bar.by);
        this.sort();
    }

    // By likeness the server decides, and its answer takes its time: what was asked for last counts.
    async sort() {
        const by = this.bar.by,
            reference = this.reference;
        this.showCloser();
        if (by === "likeness" && reference !== null) {
            const answer = await fetch(`${this.data.door}/like/${reference}`).catch(() => null);
            if (!answer?.ok || this.bar.by !== by || this.reference !== reference) return;
            this.likeness = new Map(await answer.json());
        }
        this.thumbnails.sort(by, this.likeness);
        this.showCloser();
    }

    showCloser() {
        const { selected, reference } = this,
            value = this.thumbnails.cosines?.get(selected);
        const similarity = value === undefined || selected === reference ? null : { to: reference, value };
        this.closer.show(selected, this.thumbnails.tiles.get(selected), this.thumbnails.rank(selected), similarity);
    }

    close() {
        clearTimeout(this.check);
        this.news.close();
        this.bar.saving.close();
        this.thumbnails.close();
        this.root.remove();
    }
}
