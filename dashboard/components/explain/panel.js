// A map with its scale, the value under the pointer, how far it is, and what it means.

/**
 * @import { ExplainData, MapEntry } from "../messages.js"
 * @import { Colours } from "../parts/colours.js"
 * @import { MapNews } from "../parts/map_message.js"
 * @import { Spot } from "../parts/overlay.js"
 */

import { button, cell, element, progress, show } from "../parts/element.js";
import { decode } from "../parts/map_message.js";
import { Overlay } from "../parts/overlay.js";
import { Pausing } from "../parts/pausing.js";
import { Scale } from "../parts/scale.js";
import { speaker } from "../parts/speaker.js";
import { Depth } from "./depth.js";
import { Evidence } from "./evidence.js";
import { Poller } from "../parts/poller.js";
import { Saves } from "./saves.js";
import { completenessWords, gridWords, progressWords, valueAt } from "./words.js";

const NOTHING = "no positive evidence"; // how the words begin that a signed map has more to say on
const SCORE =
    "the number that is explained. Of a class it is its logit, from which the softmax makes the probability; of " +
    "anything else, how strongly it is active. It has no fixed range, and may be below zero: compare it with other " +
    "scores of the same target only.";
const PASS = "once through the network, forwards or back (for gradients). The time that a map takes grows with them.";
const GOING = ["waiting", "running", "paused"];

/** @typedef {"remove" | "pause" | "resume" | "stop" | "signed" | "reopen" | "layer"} Wish */

export class Panel {
    /** @type {MapNews | null} */
    news = null;

    /**
     * @param {MapEntry} entry
     * @param {ExplainData} data
     * @param {Colours} colours
     * @param {object} asked
     * @param {(wish: Wish, layer?: string) => void} asked.tell
     * @param {(spot: Spot | null) => void} asked.point
     * @param {() => void} asked.received there is news of it
     * @param {() => number} asked.opacity of all maps by now
     */
    constructor(entry, { door, size }, colours, { tell, point, received, opacity }) {
        const act = (/** @type {Wish} */ wish) => () => tell(wish),
            address = `${door}/maps/${encodeURIComponent(entry.key)}`;
        this.entry = entry;
        this.colours = colours;
        this.overlay = new Overlay(entry.title, size, point);
        this.scale = new Scale();
        this.value = cell("shown", { className: "ax-note ax-kept", "data-testid": "value" });
        this.grid = element("span", { className: "ax-note ax-kept" });
        this.status = cell("status", { className: "ax-note" });
        this.completeness = element("span", { className: "ax-note", "data-testid": "completeness" });
        this.progress = progress(`progress of ${entry.title}`);
        this.pausing = new Pausing(["Pause this map", act("pause")], ["Go on with this map", act("resume")]);
        this.stop = button("stop", "Stop", "Leave this map as it is", act("stop"));
        this.again = plain("again", "Start again", act("resume"));
        this.signed = plain("signed", "Show the signed map", act("signed"));
        this.remove = plain("remove", "×", act("remove"));
        Object.assign(this.remove, { title: "Remove this map", ariaLabel: `remove ${entry.title}` });
        const { pause, resume } = this.pausing;
        this.controls = element("div", { className: "ax-controls" }, pause, resume, this.stop, this.again, this.signed);
        this.controls.hidden = this.progress.hidden = true;
        this.depth = new Depth(entry.title, `${address}/layers`, {
            pass: (layer) => this.poller.turn(layer),
            settle: (layer) => tell("layer", layer),
        });
        this.saves = new Saves(entry.saves, opacity);
        this.saves.turn(false);
        this.evidence = new Evidence(entry.title, `${address}/evidence`, colours);
        this.node = this.#assemble();
        this.poller = new Poller(address, () => document.visibilityState === "visible", {
            decode: async (answer) => decode(await answer.arrayBuffer()),
            receive: (news) => {
                this.receive(news);
                received();
            },
            connected: (reachable) => this.node.classList.toggle("ax-lost", !reachable),
            unknown: act("reopen"),
        });
        this.#recall();
    }

    #recall() {
        const { begun } = this.entry;
        if (begun.includes("evidence")) this.evidence.search.recall();
        if (begun.includes("layers")) this.depth.search.recall();
    }

    #assemble() {
        const { entry } = this,
            title = element("h3", { className: "ax-title", title: entry.meaning }, entry.title),
            head = element("div", { className: "ax-head" }, title, this.remove);
        return element(
            "article",
            { className: "ax-panel", "aria-label": entry.title, "data-testid": "panel", "data-key": entry.key },
            head,
            this.grid,
            this.overlay.node,
            this.scale.node,
            this.value,
            this.progress,
            this.status,
            this.completeness,
            this.controls,
            this.depth.node,
            about(entry),
            this.evidence.node,
            this.saves.node,
        );
    }

    /**
     * What the page says of it by now.
     * @param {MapEntry} entry
     * @param {boolean} turning whether the page has not heard yet which layer is wanted
     */
    hear(entry, turning) {
        this.entry = entry;
        if (!turning && this.depth.hear(entry.layer)) this.poller.turn(entry.layer);
        if (this.saves.same(entry.saves)) return;
        const { node } = this.saves;
        this.saves.close();
        this.saves = new Saves(entry.saves, this.saves.opacity);
        this.saves.turn(this.drawn);
        node.replaceWith(this.saves.node);
    }

    /** Whether there is a map: of one that failed before it had any value there is nothing to save or to test. */
    get drawn() {
        return Boolean(this.news?.values.length);
    }

    /** @param {MapNews} news */
    receive(news) {
        const { header } = news,
            { status, step, words, fraction } = header,
            going = GOING.includes(status);
        this.news = news;
        Object.assign(this.node.dataset, { status, step });
        this.overlay.draw(news, this.colours);
        if (news.values.length) this.scale.draw(header, this.colours);
        if (words) this.scale.turn(false);
        show(this.grid, gridWords(this.entry, header));
        this.#say(going, progressWords(header));
        show(this.completeness, completenessWords(header));
        this.depth.offer(header.layers ?? [], header.layer);
        this.depth.turn(!going);
        this.progress.hidden = !going;
        this.progress.value = fraction;
        this.again.hidden = status !== "cancelled";
        this.#control(going, status === "paused", words.startsWith(NOTHING) && this.entry.offersSigned);
        this.read(this.overlay.spot);
    }

    /**
     * How far it is; at once where it ends.
     * @param {boolean} going
     * @param {string} words
     */
    #say(going, words) {
        const said = words && `${this.entry.title}: ${words}.`;
        if (going) speaker.state(said, this);
        else if (words !== this.status.textContent) speaker.event(said, this);
        show(this.status, words);
    }

    /**
     * @param {boolean} going
     * @param {boolean} paused
     * @param {boolean} signed whether the signed map is offered
     */
    #control(going, paused, signed) {
        this.pausing.turn(paused, false);
        if (!going) this.pausing.pause.hidden = this.pausing.resume.hidden = true;
        this.stop.hidden = !going;
        this.signed.hidden = !signed;
        this.evidence.node.hidden = going || !this.entry.evidence || !this.drawn;
        this.saves.turn(this.drawn);
        this.controls.hidden = !going && !signed && this.again.hidden;
    }

    /**
     * What the map says of a place.
     * @param {Spot | null} spot
     */
    read(spot) {
        this.overlay.mark(spot);
        const { news } = this;
        // Only of the map that the keys are on: all maps change at once.
        this.value.setAttribute("aria-live", this.overlay.focused ? "polite" : "off");
        show(this.value, news && spot && !news.header.words ? valueAt(news, spot) : "");
    }

    close() {
        speaker.leave(this);
        this.poller.close();
        this.depth.close();
        this.saves.close();
        this.evidence.close();
        this.node.remove();
    }
}

/**
 * @param {string} testid
 * @param {string} text
 * @param {() => void} act
 */
function plain(testid, text, act) {
    const node = element("button", { type: "button", className: "av-button ax-plain", "data-testid": testid }, text);
    node.addEventListener("click", act);
    return node;
}

/** @param {MapEntry} entry */
function about({ meaning, misleads }) {
    return element(
        "details",
        { className: "ax-about" },
        element("summary", {}, "What it means"),
        element("p", {}, meaning),
        element("p", {}, element("strong", {}, "When it misleads: "), misleads),
        element("p", {}, element("strong", {}, "Score: "), SCORE),
        element("p", {}, element("strong", {}, "Pass: "), PASS),
    );
}
