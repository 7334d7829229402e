// A map: over what the network saw, with its scale, the value under the pointer, how far it is, and what it means.

/**
 * @import { ExplainData, ExplainEvent, Frame, MapEntry } from "../messages.js"
 * @import { Colours } from "./colours.js"
 * @import { MapNews } from "./message.js"
 * @import { Picture } from "./picture.js"
 */

import { button, cell, element, progress, show } from "../parts/element.js";
import { Pausing } from "../parts/pausing.js";
import { Poller } from "./poller.js";
import { Scale } from "./scale.js";
import { completenessWords, gridWords, number, progressWords, valueWords } from "./words.js";

const NOTHING = "no positive evidence"; // how the words begin that a signed map has more to say on

export class Panel {
    /** @type {MapNews | null} */
    news = null;
    /** @type {{ x: number, y: number } | null} the pointer's place in the picture, 0 to 1 */
    pointer = null;

    /**
     * @param {MapEntry} entry
     * @param {ExplainData} data
     * @param {Colours} colours
     * @param {(event: ExplainEvent) => void} tell
     */
    constructor(entry, data, colours, tell) {
        this.entry = entry;
        this.colours = colours;
        const [height, width] = data.size,
            act = (/** @type {"remove" | "pause" | "resume" | "stop" | "signed"} */ kind) => () =>
                tell({ kind, key: entry.key });
        this.picture = element("canvas", { height, width, "aria-hidden": "true" });
        this.map = element("canvas", { className: "ax-map", height: 0, width: 0, "data-testid": "map" });
        this.words = element("span", { className: "ax-words", "data-testid": "words", role: "status" });
        this.value = cell("shown", { className: "ax-note", "data-testid": "value" });
        this.grid = element("span", { className: "ax-note" });
        this.status = cell("status", { "aria-live": "polite", className: "ax-note" });
        this.completeness = element("span", { className: "ax-note", "data-testid": "completeness" });
        this.progress = progress(`progress of ${entry.title}`);
        this.pausing = new Pausing(["Pause this map", act("pause")], ["Go on with this map", act("resume")]);
        this.stop = button("stop", "Stop", "Leave this map as it is", act("stop"));
        const named = { type: "button", className: "av-button ax-plain" };
        this.signed = element("button", { ...named, "data-testid": "signed" }, "Show the signed map");
        this.signed.addEventListener("click", act("signed"));
        this.remove = element(
            "button",
            { ...named, title: "Remove this map", "aria-label": `remove ${entry.title}`, "data-testid": "remove" },
            "×",
        );
        this.remove.addEventListener("click", act("remove"));
        this.scale = new Scale();
        this.node = this.#assemble(`${width} / ${height}`);
        this.poller = new Poller(
            `${data.door}/maps/${encodeURIComponent(entry.key)}`,
            () => document.visibilityState === "visible",
            {
                receive: (news) => this.receive(news),
                connected: (reachable) => this.node.classList.toggle("ax-lost", !reachable),
                unknown: () => tell({ kind: "reopen" }),
            },
        );
    }

    /** @param {string} proportions */
    #assemble(proportions) {
        const { entry } = this,
            over = element("div", { className: "ax-over" }, this.picture, this.map, this.words);
        over.style.aspectRatio = proportions;
        over.addEventListener("pointermove", (event) => this.#point(event, over));
        over.addEventListener("pointerdown", (event) => this.#point(event, over));
        over.addEventListener("pointerleave", () => this.#leave());
        const title = element("h3", { className: "ax-title", title: entry.meaning }, entry.title),
            head = element("div", { className: "ax-head" }, title, this.remove),
            { pause, resume } = this.pausing,
            controls = element("div", { className: "ax-controls" }, pause, resume, this.stop, this.signed);
        return element(
            "article",
            { className: "ax-panel", "aria-label": entry.title, "data-testid": "panel", "data-key": entry.key },
            head,
            this.grid,
            over,
            this.scale.node,
            this.value,
            this.progress,
            this.status,
            controls,
            this.completeness,
            about(entry),
        );
    }

    /**
     * @param {Picture} picture
     * @param {Frame} frame
     */
    cut(picture, frame) {
        picture.cut(this.picture, frame);
    }

    /** @param {MapNews} news */
    receive(news) {
        this.news = news;
        const { header, values } = news,
            { status, step, words, fraction } = header,
            going = status === "running" || status === "waiting" || status === "paused";
        Object.assign(this.node.dataset, { status, step });
        if (values.length) this.#draw(news);
        this.map.hidden = Boolean(words);
        show(this.words, header.error || words);
        show(this.grid, gridWords(this.entry, header));
        show(this.status, progressWords(header));
        show(this.completeness, completenessWords(header));
        this.progress.hidden = !going;
        this.progress.value = fraction;
        this.pausing.turn(status === "paused", status === "waiting");
        if (!going) this.pausing.pause.hidden = this.pausing.resume.hidden = true;
        this.stop.hidden = !going;
        this.signed.hidden = !(words.startsWith(NOTHING) && this.entry.offersSigned);
        this.#tellValue();
    }

    /** @param {MapNews} news */
    #draw({ header, values }) {
        const { height, width, signed } = header;
        Object.assign(this.map, { height, width });
        const pixels = new ImageData(this.colours.pixels(values, signed), width, height);
        this.map.getContext("2d")?.putImageData(pixels, 0, 0);
        this.scale.draw(header, this.colours);
    }

    /**
     * @param {PointerEvent} event
     * @param {HTMLElement} over
     */
    #point({ clientX, clientY }, over) {
        const { left, top, width, height } = over.getBoundingClientRect();
        this.pointer = { x: (clientX - left) / width, y: (clientY - top) / height };
        this.#tellValue();
    }

    #leave() {
        this.pointer = null;
        this.#tellValue();
    }

    // Without a pointer: what is explained has this score.
    #tellValue() {
        const { news, pointer } = this;
        if (!news) return;
        const { header, values } = news,
            score = header.score === null ? "" : `score ${number(header.score)}`;
        if (!pointer || !values.length) return show(this.value, score);
        const row = Math.min(header.height - 1, Math.max(0, Math.floor(pointer.y * header.height))),
            column = Math.min(header.width - 1, Math.max(0, Math.floor(pointer.x * header.width)));
        show(this.value, valueWords(header, values[row * header.width + column], header.signed));
    }

    close() {
        this.poller.close();
        this.node.remove();
    }
}

/** @param {MapEntry} entry */
function about({ meaning, misleads }) {
    return element(
        "details",
        { className: "ax-about" },
        element("summary", {}, "What it means"),
        element("p", {}, meaning),
        element("p", {}, element("strong", {}, "When it misleads: "), misleads),
    );
}
