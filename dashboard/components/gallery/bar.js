// The bar above the sheet: what it shows, how far it is, how long it takes, and in which order.

/**
 * @import { Connection, GalleryData, GalleryState } from "../messages.js"
 * @import { By } from "./tiles.js"
 */

import { duration } from "../parts/duration.js";
import { cell, element, line, progress, show } from "../parts/element.js";
import { Pausing } from "../parts/pausing.js";
import { speaker } from "../parts/speaker.js";
import { Saving } from "../parts/saving.js";

const ORDERS = [
    ["index", "channel number"],
    ["score", "score, highest first"],
    ["likeness", "similarity to the selected channel"],
];
const SAVES = [
    ["sheet.png", "Contact sheet (PNG)", "the contact sheet"],
    ["table.csv", "Table (CSV)", "the table"],
];

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
    saving = new Saving();

    /**
     * @param {GalleryData} data
     * @param {By} by to begin with
     * @param {boolean} paused to begin with
     * @param {Asked} asked
     */
    constructor(data, by, paused, { pause, sort }) {
        this.paused = paused;
        this.pause = pause;
        const options = ORDERS.map(([value, text]) => element("option", { value }, text));
        this.likeness = options[2];
        this.likeness.disabled = true;
        this.select = element("select", { className: "ag-select", "data-testid": "sort" }, ...options);
        this.select.value = by;
        this.select.addEventListener("change", sort);
        this.status = cell("status");
        this.counts = cell("counts", { className: "ag-counts" });
        this.left = cell("left", { className: "av-rate" });
        this.progress = progress("progress of the gallery");
        this.pausing = new Pausing(
            ["Make no more pictures for now", () => this.setPaused(true)],
            ["Make the missing pictures", () => this.goOn()],
        );
        this.links = SAVES.map(([file, text, what]) => this.link(`${data.door}/save/${file}`, file, text, what));
        this.node = this.assemble(data.title);
        this.setButtons();
    }

    /** @param {string} title */
    assemble(title) {
        const { pause, resume } = this.pausing,
            buttons = element("div", { className: "ag-buttons" }, ...this.links, pause, resume),
            sort = element("label", { className: "ag-sort" }, "Sort by ", this.select),
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
     * @param {string} testid
     * @param {string} text
     * @param {string} what
     */
    link(href, testid, text, what) {
        const className = "av-button ag-link";
        const link = element("a", { className, href, download: "", "data-testid": testid, hidden: true }, text);
        this.saving.attach(link, what, () => `?by=${this.by}&of=${this.reference ?? ""}`);
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
        show(this.likeness, `similarity to channel ${channel}`);
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
        if (connection === "connected") return; // what comes with it says the rest
        if (this.status.textContent !== "reconnecting…") speaker.event("Reconnecting.");
        show(this.status, "reconnecting…");
        this.status.dataset.status = "";
        show(this.left, "");
    }

    /** @param {GalleryState} state */
    update(state) {
        this.state = state;
        const { status, left } = state;
        // Somebody else may be making them while this visitor has paused.
        this.status.dataset.status = status === "working" ? "running" : status;
        const said = `${status}, ${countsOf(state)}.`;
        if (this.status.textContent === status) speaker.state(said);
        else speaker.event(said);
        show(this.status, status);
        show(this.counts, countsOf(state));
        show(this.left, status === "working" && left !== null ? `about ${duration(left)} left` : "");
        this.progress.value = state.progress;
        for (const link of this.links) link.hidden = !state.fine; // only what is finished is saved
        this.setButtons();
    }
}

/** @param {Pick<GalleryState, "error" | "coarse" | "fine" | "count">} state */
export function countsOf({ error, coarse, fine, count }) {
    return error || (coarse < count ? `${coarse} of ${count} previews` : `${fine} of ${count} finished`);
}
