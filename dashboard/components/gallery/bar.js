// The bar above the sheet: what it shows, how far it is, how long it takes, and in which order.

import { duration } from "../parts/duration.js";
import { button, element, show } from "../parts/element.js";
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

export class Bar {
    // by, paused: to begin with; pause(whether), sort()
    constructor(data, by, paused, { pause, sort }) {
        Object.assign(this, { paused, pauses: pause, reference: null });
        const line = (...children) => element("div", { className: "av-line" }, ...children);
        this.select = element(
            "select",
            { className: "ag-select", "data-testid": "sort" },
            ...ORDERS.map(([value, text]) => element("option", { value }, text)),
        );
        this.select.value = by;
        this.select.options[2].disabled = true;
        this.select.addEventListener("change", sort);
        this.status = element("span", { className: "av-status", "data-testid": "status", "aria-live": "polite" });
        this.counts = element("span", { className: "ag-counts", "data-testid": "counts" });
        this.left = element("span", { className: "av-rate", "data-testid": "left" });
        this.progress = element("progress", {
            className: "av-progress",
            "aria-label": "progress of the gallery",
            max: 1,
            value: 0,
        });
        this.pause = button("pause", "Pause", "Make no more pictures for now", () => this.setPaused(true));
        this.resume = button("resume", "Resume", "Make the missing pictures", () => this.goOn());
        this.saving = new Saving();
        this.links = SAVES.map(([file, text, what]) => this.link(`${data.door}/save/${file}`, file, text, what));
        this.node = element(
            "div",
            { className: "ag-bar" },
            line(
                element("span", { className: "av-title" }, data.title),
                element("span", { className: "av-space" }),
                element("label", { className: "ag-sort" }, "Sort by ", this.select),
            ),
            line(
                this.status,
                this.counts,
                this.left,
                this.saving.node,
                element("div", { className: "ag-buttons" }, ...this.links, this.pause, this.resume),
            ),
            this.progress,
        );
        this.setButtons();
    }

    link(href, testid, text, what) {
        const link = element(
            "a",
            { className: "av-button ag-link", href, download: "", "data-testid": testid, hidden: true },
            text,
        );
        link.addEventListener("click", (event) => {
            event.preventDefault();
            this.saving.follow(`${href}?by=${this.by}&of=${this.reference ?? ""}`, what);
        });
        return link;
    }

    get by() {
        return this.select.value;
    }

    // There is a channel to compare with.
    nameReference(channel) {
        this.reference = channel;
        const option = this.select.options[2];
        option.disabled = false;
        show(option, `similarity to channel ${channel}`);
    }

    setPaused(paused) {
        this.paused = paused;
        this.setButtons();
        this.pauses(paused);
    }

    // After a failure a pause makes the server forget it, so that the next question tries again.
    async goOn() {
        if (this.failed) await this.pauses(true);
        this.setPaused(false);
    }

    get failed() {
        return this.state?.status === "failed";
    }

    setButtons() {
        const complete = this.state?.status === "complete",
            again = this.paused || this.failed;
        const focused = [this.pause, this.resume].includes(document.activeElement);
        this.pause.hidden = again;
        this.resume.hidden = !again;
        if (focused) (again ? this.resume : this.pause).focus(); // they share a place, and the keyboard's focus
        this.pause.disabled = this.resume.disabled = complete;
        if (focused && complete) this.links[0].focus();
    }

    connect(connection) {
        if (connection === "connected") return; // what comes with it says the rest
        show(this.status, "reconnecting…");
        this.status.dataset.status = "";
        show(this.left, "");
    }

    update(state) {
        this.state = state;
        const { status, count, coarse, fine } = state;
        // Somebody else may be making them while this visitor has paused.
        this.status.dataset.status = status === "working" ? "running" : status;
        show(this.status, status);
        show(
            this.counts,
            state.error || (coarse < count ? `${coarse} of ${count} previews` : `${fine} of ${count} finished`),
        );
        show(this.left, status === "working" && state.left !== null ? `about ${duration(state.left)} left` : "");
        this.progress.value = state.progress;
        for (const link of this.links) link.hidden = !fine; // only what is finished is saved
        this.setButtons();
    }
}
