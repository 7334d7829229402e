// The gallery: called anew by Streamlit after every run of the page's script, it keeps what has not changed.

import { Bar } from "./bar.js";
import { Closer } from "./closer.js";
import { element } from "./element.js";
import { News } from "./news.js";
import { Thumbnails } from "./thumbnails.js";

const galleries = new WeakMap();

export function mount({ parentElement, data, setTriggerValue }) {
    let gallery = galleries.get(parentElement);
    if (gallery?.data.door !== data.door) {
        gallery?.close();
        gallery = new Gallery(parentElement, data);
        galleries.set(parentElement, gallery);
    }
    gallery.tell = (event) => setTriggerValue("event", event);
    gallery.note = (channel) => setTriggerValue("chosen", channel); // of its own: a double click chooses and opens
}

export function unmount(parentElement) {
    galleries.get(parentElement)?.close();
    galleries.delete(parentElement);
}

class Gallery {
    constructor(parent, data) {
        Object.assign(this, { data, chosen: null, likeness: new Map(), tell: () => {}, note: () => {} });
        this.bar = new Bar(data, { pause: (paused) => this.news.pause(paused), sort: () => this.sort() });
        this.thumbnails = new Thumbnails(data, { choose: (channel) => { this.choose(channel); this.note(channel); }, open: (channel) => this.open(channel) });
        this.closer = new Closer(data, { open: (channel) => this.open(channel), add: (channel) => this.tell({ kind: "add", channel }) });
        const main = element("div", { className: "ag-main" }, this.bar.node, this.thumbnails.node);
        this.root = element("section", { className: "av-viewer ag-gallery", "data-testid": "gallery", "aria-label": "the channels of the layer" }, main, this.closer.node);
        this.root.style.setProperty("--av-height", data.tall);
        parent.append(this.root);
        this.news = new News(data.door, {
            onScreen: () => this.thumbnails.onScreen(),
            receive: (state) => this.receive(state),
            changed: (connection) => this.bar.connect(connection),
            unknown: () => this.tell({ kind: "reopen" }),
        });
        if (data.chosen !== null) this.choose(data.chosen);
    }

    receive(state) {
        state.tiles.forEach((tile) => this.thumbnails.put(tile));
        this.bar.update(state);
        Object.assign(this.root.dataset, { status: state.status, coarse: state.coarse, fine: state.fine, count: state.count });
        if (state.tiles.length) this.sort();
    }

    choose(channel) {
        this.chosen = channel;
        this.thumbnails.choose(channel);
        this.bar.choose(channel);
        this.sort();
    }

    open(channel) {
        this.tell({ kind: "open", channel });
    }

    // By likeness the server decides, and its answer takes its time: what was asked for last counts.
    async sort() {
        const by = this.bar.by, chosen = this.chosen;
        if (by === "likeness" && chosen !== null) {
            const answer = await fetch(`${this.data.door}/like/${chosen}`).catch(() => null);
            if (!answer?.ok || this.bar.by !== by || this.chosen !== chosen) return;
            this.likeness = new Map(await answer.json());
        }
        this.thumbnails.sort(by, this.likeness);
        this.closer.show(chosen, this.thumbnails.tiles.get(chosen), this.thumbnails.rank(chosen), by === "likeness" ? this.likeness.get(chosen) : null);
    }

    close() {
        this.news.close();
        this.bar.saving.close();
        this.thumbnails.close();
        this.root.remove();
    }
}
