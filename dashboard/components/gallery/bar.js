// The bar above the sheet: what it shows, how far it is, how long it takes, and in which order.

/**
 * @import { Connection, GalleryData, GalleryState } from "../messages.js"
 * @import { By } from "./tiles.js"
 */

import { ConnectionBox } from "../parts/connection_box.js";
import { duration } from "../parts/duration.js";
import { cell, element, line, progress, show } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { Pausing } from "../parts/pausing.js";
import { speaker } from "../parts/speaker.js";
import { Saving } from "../parts/saving.js";
import { countsOf } from "./words.js";

const ORDERS = ["index", "score", "likeness"];
const SAVES = ["sheet.png", "table.csv"];

/**
 * @typedef {object} Asked what is asked for on it
 * @property {(paused: boolean) => Promise<void>} pause
 * @property {() => void} sort
 */

export class Bar {
    /** @type {GalleryState | null} */
    state = null;
    /** @type {number | null} the channel that others are compared with */
    reference = null;
    box = new ConnectionBox();

    /**
     * @param {GalleryData} data
     * @param {By} by to begin with
     * @param {boolean} paused to begin with
     * @param {Asked} asked
     */
    constructor({ door, title, words }, by, paused, { pause, sort }) {
        this.words = words;
        this.saving = new Saving(words);
        this.paused = paused;
        this.pause = pause;
        const options = ORDERS.map((value) => element("option", { value }, words[`by_${value}`]));
        this.likeness = options[2];
        this.likeness.disabled = true;
        this.select = element("select", { className: "ag-select", "data-testid": "sort" }, ...options);
        this.select.value = by;
        this.select.addEventListener("change", sort);
        this.status = cell("status");
        this.counts = cell("counts", { className: "ag-counts" });
        this.left = cell("left", { className: "av-rate" });
        this.progress = progress(words.progress);
        this.pausing = new Pausing(
            [words.pause_hint, () => this.setPaused(true)],
            [words.resume_hint, () => this.goOn()],
            [words.pause, words.resume],
        );
        this.links = SAVES.map((file) => this.link(`${door}/save/${file}`, file));
        this.node = this.assemble(title);
        this.setButtons();
    }

    /** @param {string} title */
    assemble(title) {
        const { pause, resume } = this.pausing,
            buttons = element("div", { className: "ag-buttons" }, ...this.links, pause, resume),
            sort = element("label", { className: "ag-sort" }, `${this.words.sort} `, this.select),
            space = element("span", { className: "av-space" });
        return element(
            "div",
            { className: "ag-bar" },
            line(element("span", { className: "av-title" }, title), space, sort),
            line(this.status, this.counts, this.left, this.saving.node, buttons),
            this.progress,
        );
    }

    /**
     * @param {string} href
     * @param {string} file
     */
    link(href, file) {
        const { words } = this,
            [what] = file.split("."),
            properties = { className: "av-button ag-link", href, download: "", "data-testid": file, hidden: true };
        const link = element("a", properties, words[what]);
        this.saving.attach(link, words[`what_${what}`], () => `?by=${this.by}&of=${this.reference ?? ""}`);
        return link;
    }

    get by() {
        return /** @type {By} */ (this.select.value);
    }

    /**
     * There is a channel to compare with.
     * @param {number} channel
     */
    nameReference(channel) {
        this.reference = channel;
        this.likeness.disabled = false;
        show(this.likeness, filled(this.words.by_likeness_to, { n: channel }));
    }

    /** @param {boolean} paused */
    setPaused(paused) {
        this.paused = paused;
        this.setButtons();
        this.pause(paused);
    }

    // After a failure a pause makes the server forget it, so that the next question tries again.
    async goOn() {
        if (this.failed) await this.pause(true);
        this.setPaused(false);
    }

    get failed() {
        return this.state?.status === "failed";
    }

    setButtons() {
        const complete = this.state?.status === "complete",
            { focused } = this.pausing;
        this.pausing.turn(this.paused || this.failed, complete);
        if (focused && complete) this.links[0].focus();
    }

    /** @param {Connection} connection */
    connect(connection) {
        this.box.dismiss(connection !== "connected");
        if (connection === "connected") return; // what comes with it says the rest
        const { reconnecting, reconnecting_said } = this.words;
        if (this.status.textContent !== reconnecting) speaker.event(reconnecting_said, this);
        show(this.status, reconnecting);
        this.status.dataset.status = "";
        show(this.left, "");
    }

    /** @param {GalleryState} state */
    update(state) {
        this.state = state;
        const { words } = this,
            { status, left } = state,
            word = words[status],
            counts = countsOf(words, state);
        // Somebody else may be making them while this visitor has paused.
        this.status.dataset.status = status === "working" ? "running" : status;
        const said = `${word}, ${counts}.`;
        if (this.status.textContent === word) speaker.state(said, this);
        else speaker.event(said, this);
        show(this.status, word);
        show(this.counts, counts);
        show(this.left, status === "working" && left !== null ? filled(words.left, { time: duration(left) }) : "");
        this.progress.value = state.progress;
        for (const link of this.links) link.hidden = !state.fine; // only what is finished is saved
        this.setButtons();
    }

    close() {
        speaker.leave(this);
        this.box.close();
        this.saving.close();
    }
}
