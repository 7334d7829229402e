// The bar under the pictures: what the run does, how far it is, and everything one can ask of it.

import { button, element, show } from "../parts/element.js";
import { duration } from "../parts/duration.js";
import { BOARD_SAVES, HERE, SAVES, SaveMenu } from "./menu.js";
import { ENDED, standing, wordOf } from "./record.js";

const MORE = 100; // iterations, after the end of a run
const IN_STEP = 8; // iterations that runs which go in step may seem apart, since each is told of in its turn
const PACE_EVERY = 1000; // ms between two looks at rate and time left; the first one comes when a rate can be known

export class Transport {
    // wish(word), scrub(iteration | null), branch(until), picture() -> {canvas, name} of what is shown
    constructor({ wish, scrub, branch, picture }) {
        const cell = (name, properties = {}) =>
            element("span", { className: `av-${name}`, "data-testid": name, ...properties });
        this.status = cell("status", { "aria-live": "polite" });
        [this.iteration, this.left, this.rate, this.device] = ["iteration", "left", "rate", "device"].map((name) =>
            cell(name),
        );
        this.progress = element("progress", {
            className: "av-progress",
            "aria-label": "progress of the run",
            max: 1,
            value: 0,
        });

        this.scrub = element("input", {
            type: "range",
            className: "av-scrub",
            "data-testid": "scrub",
            "aria-label": "show an earlier iteration",
            min: 0,
            max: 0,
            value: 0,
            disabled: true,
        });
        this.scrub.addEventListener("input", () => scrub(Number(this.scrub.value)));
        this.shown = cell("shown");
        this.live = button("live", "Live", "Back to the newest picture", () => scrub(null));

        this.pause = button("pause", "Pause", "Pause the run", () => wish("pause"));
        this.resume = button("resume", "Resume", "Continue the run", () => wish("resume"));
        this.step = button("step", "Step", "Run one more iteration", () => wish("step"));
        this.stop = button("stop", "Stop", "End the run", () => wish("cancel"));
        this.branch = button("branch", "Continue from here", "", () => branch(this.until));
        this.kept = element("p", { className: "av-kept", "data-testid": "kept" });
        this.save = new SaveMenu(picture);

        this.controls = [
            this.scrub,
            this.live,
            this.pause,
            this.resume,
            this.step,
            this.stop,
            this.branch,
            this.save.open,
        ];
        this.node = element(
            "div",
            { className: "av-transport" },
            element(
                "div",
                { className: "av-line" },
                this.status,
                this.iteration,
                this.left,
                this.rate,
                this.device,
                this.save.saving.node,
            ),
            this.progress,
            element(
                "div",
                { className: "av-line" },
                element("span", { className: "av-back" }, "History"),
                this.scrub,
                this.shown,
                this.live,
            ),
            element(
                "div",
                { className: "av-line", role: "group", "aria-label": "the run" },
                this.pause,
                this.resume,
                this.step,
                this.stop,
                element("span", { className: "av-space" }),
                this.branch,
                this.save.node,
            ),
            this.kept,
        );
    }

    // header: of the run in focus, or null; scrubbed: the iteration looked back at, or null; connection: a word; files: where saves lie, once there is
    // something to save; board: whether they are of several runs together
    update(header, scrubbed, connection, device, files, board) {
        const status = header?.status ?? "",
            ended = ENDED.includes(status),
            focused = this.controls.indexOf(document.activeElement);
        const cut = connection !== "connected",
            none = !header || cut; // nothing can be asked of a run that is out of reach
        show(this.status, standing(header?.word ?? wordOf(status), status, connection));
        this.status.dataset.status = cut && !ended ? "" : status;
        const spread = header?.furthest - header?.iteration > IN_STEP ? ` to ${header.furthest}` : "";
        show(
            this.iteration,
            header?.iterations ? `iteration ${header.iteration}${spread} of ${header.iterations}` : "",
        );
        this.tellPace(status === "running" && !cut ? header : null);
        show(this.device, device);
        this.progress.value = header?.iterations ? header.iteration / header.iterations : 0;
        this.turn(status === "paused", none || ended);
        this.step.disabled = none || status !== "paused";
        this.stop.disabled = none || ended;
        this.branch.disabled = none || !header.recorded || !(ended || status === "paused" || scrubbed !== null);
        this.branch.title = this.branch.disabled
            ? "Pause the run, or go back in its history, to start a new run from there"
            : `Start a new run from the picture shown, up to iteration ${this.until}`;
        this.live.disabled = scrubbed === null;
        this.range(header, scrubbed, cut);
        const query = scrubbed !== null ? `?iteration=${scrubbed}` : "";
        if (files) this.save.offer(cut ? HERE : board ? BOARD_SAVES : SAVES, files, query);
        else this.save.withdraw();
        if (this.controls[focused]?.disabled) this.passOn(focused);
    }

    // What the button for going on does: to the end that the page is set to, or the run's own, or some iterations further where both are reached;
    // and what it does not take over. header: of the run, null where there is no such button.
    goOn(header, scrubbed, { iterations, kept }) {
        const shown = scrubbed ?? header?.iteration ?? 0,
            end = header?.iterations ?? 0;
        this.until = [iterations, end, shown + MORE].find((iteration) => iteration > shown);
        const text = end && shown >= end ? `${this.until - shown} more iterations` : "Continue from here";
        this.branch.hidden = !header;
        show(this.branch.lastChild, text);
        this.branch.setAttribute("aria-label", text);
        this.branch.setAttribute("aria-description", kept);
        show(this.kept, kept);
        this.kept.hidden = !header; // a line is kept free for it: nothing moves under the pointer
    }

    // A button that can do nothing any more hands the keyboard's focus to the nearest that can.
    passOn(from) {
        const able = this.controls.filter((control) => !control.disabled && !control.hidden);
        const far = (control) => Math.abs(this.controls.indexOf(control) - from);
        able.sort((one, other) => far(one) - far(other))[0]?.focus({ preventScroll: true });
    }

    close() {
        this.save.close();
    }

    // The rate and the time left at that rate, nothing where nothing is getting on; both at once, and once a second, so that they can be read.
    tellPace(header) {
        const now = performance.now();
        if (!header) this.toldAt = null;
        else this.toldAt ??= now;
        if (header && now - this.toldAt < PACE_EVERY) return;
        if (header) this.toldAt = now;
        const rate = header?.rate,
            left = rate ? (header.iterations - header.iteration) / rate : null;
        show(this.rate, rate ? `${rate.toFixed(rate < 100 ? 1 : 0)} it/s` : "");
        show(this.left, Number.isFinite(left) && left !== null ? `about ${duration(left)} left` : "");
    }

    // Pause and Resume share a place, and the keyboard's focus.
    turn(paused, disabled) {
        const focused = document.activeElement === this.pause || document.activeElement === this.resume;
        const moved = this.pause.hidden !== paused;
        [this.pause.hidden, this.resume.hidden] = [paused, !paused];
        this.pause.disabled = this.resume.disabled = disabled;
        if (focused && moved) (paused ? this.resume : this.pause).focus();
    }

    range(header, scrubbed, cut) {
        const recorded = header?.recorded;
        this.scrub.disabled = !recorded || cut;
        if (recorded) Object.assign(this.scrub, { min: recorded.first, step: recorded.spacing, max: recorded.last });
        this.scrub.value = scrubbed ?? recorded?.last ?? 0;
        show(this.shown, scrubbed === null ? "" : `shows ${scrubbed}`);
    }
}
