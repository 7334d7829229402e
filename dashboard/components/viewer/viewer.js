// The viewer: shows what the page says, and what comes over the live route.

/**
 * @import { Call, Header, ViewerData, ViewerEvent, Wish } from "../messages.js"
 * @import { Heir } from "./problem.js"
 * @import { Record } from "./record.js"
 */

import { element } from "../parts/element.js";
import { Mounts } from "../parts/mounts.js";
import { uncover } from "../parts/sidebar.js";
import { themeOf, watchTheme } from "../parts/theme.js";
import { Curves } from "./curves.js";
import { description, Descriptions, Speech, wordsOfRun } from "./description.js";
import { Empty } from "./empty.js";
import { lineOf } from "./line.js";
import { Live } from "./live.js";
import { recall, remember } from "./memory.js";
import { decode } from "./message.js";
import { Notice } from "./notice.js";
import { Pictures } from "./pictures.js";
import { Playback } from "./playback.js";
import { previewOf, wordsOf } from "./preview.js";
import { problemOf } from "./problem.js";
import { Runs } from "./runs.js";
import { Table } from "./table.js";
import { Transport } from "./transport.js";
import { welcome } from "./welcome.js";

/** @type {Mounts<Viewer>} */
const viewers = new Mounts();

/** @param {Call<ViewerData>} call */
export function mount({ parentElement, data, setTriggerValue, setStateValue }) {
    if (viewers.at(parentElement)?.data.words.lang !== data.words.lang) viewers.remove(parentElement);
    const viewer = viewers.at(parentElement) ?? viewers.put(parentElement, new Viewer(parentElement, data));
    viewer.tell = (event) => setTriggerValue("event", event);
    // As a second trigger it would take the place of a click in the same moment.
    viewer.tellEnd = (end) => setStateValue("ended", end);
    viewer.show(data);
}

/** @param {HTMLElement} parentElement */
export function unmount(parentElement) {
    viewers.remove(parentElement);
}

class Viewer {
    /** @type {(event: ViewerEvent) => void} */
    tell = () => {};
    /** @type {(end: string) => void} */
    tellEnd = () => {};
    /** @type {string | null} the run that stands out */
    marked = null;
    /** @type {Heir} */
    heir = "";
    /** whether the page knows that all have ended */
    told = false;
    drawn = 0;
    descriptions = new Descriptions();
    empty = new Empty();

    /**
     * @param {HTMLElement} parent
     * @param {ViewerData} data
     */
    constructor(parent, data) {
        const { words } = data;
        this.data = data;
        this.runs = new Runs(words);
        this.speech = new Speech(words);
        this.theme = themeOf(parent);
        this.pictures = new Pictures(words, (run) => this.choose(run));
        this.curves = new Curves(words, data.files, this.theme, (run) => this.highlight(run));
        this.table = new Table(words, (run) => this.highlight(run));
        this.live = new Live({
            watching: () => this.runs.received,
            receive: (message) => this.receive(message),
            changed: () => this.refresh(),
        });
        this.playback = new Playback({
            decode,
            draw: (run, bitmaps, fresh) => this.draw(run, bitmaps, fresh),
            recorded: (run, iteration) => this.live.recorded(run, iteration),
        });
        this.transport = new Transport(words, {
            wish: (wish) => this.wish(wish),
            scrub: (iteration) => this.scrub(iteration),
            branch: (until) => this.branch(until),
            shown: () => ({
                canvas: this.pictures.sheet(),
                name: `${this.heading} ${this.scrubbed ?? this.runs.first?.last}`,
            }),
        });
        const leave = () => this.root.focus({ preventScroll: true });
        this.notice = new Notice((event) => this.tell(event), leave);
        this.root = this.assemble();
        parent.append(this.root);
        this.unwatch = watchTheme(this.root, this, () => this.restyle());
    }

    assemble() {
        const { pictures, curves, table, notice, transport, empty, data } = this;
        const axes = element("p", { className: "av-placeholder" }, data.words.chart),
            stage = element("div", { className: "av-stage" }, pictures.node, empty.node, empty.cover),
            main = element("div", { className: "av-main" }, notice.node, stage, transport.node);
        curves.node.append(axes);
        return element(
            "section",
            { className: "av-viewer", "data-testid": "viewer", "aria-label": data.words.run, tabIndex: -1 },
            ...[main, curves.node, table.node, pictures.large.node],
        );
    }

    /** @param {ViewerData} data */
    show(data) {
        // Another visitor's page, with nothing on it: its session began anew. What this one shows may still be there,
        // and stays until others come.
        if (!data.runs.length && !data.still && this.runs.size && data.live !== this.live.path) {
            this.heir = data.server === this.data.server ? "away" : "restarted";
            return this.refresh();
        }
        Object.assign(this, { data, heir: "" });
        this.root.dataset.live = data.live; // whose it shows: the tab waits for that (tab.js)
        this.root.style.setProperty("--av-height", data.height);
        const before = this.runs.keys.join(),
            added = this.runs.keep(data.runs, data.board),
            same = this.runs.keys.join() === before;
        if (!same) this.renew();
        if (!same && this.runs.size) uncover(this.root);
        this.live.connect(data.live, this.runs.size > 0, same);
        this.restyle();
        this.refresh();
        added.filter((record) => record.preview).forEach((record) => this.preview(record));
        const back = same ? this.scrubbed : recall(this.runs.keys);
        if (back !== this.scrubbed) this.scrub(back);
        const waiting = () => this.data.live === data.live && !this.runs.size;
        welcome(data.welcome, (runs) => waiting() && this.show({ ...this.data, title: "", runs }));
    }

    get scrubbed() {
        return this.playback.scrubbed;
    }

    get heading() {
        return this.data.title || (this.runs.first?.title ?? ""); // several runs say the rest under their pictures
    }

    renew() {
        this.playback.keep(this.runs.keys);
        if (!this.marked || !this.runs.get(this.marked)) this.mark(this.data.picked || null);
        this.told = false;
    }

    /** @param {Record} record */
    async preview(record) {
        const image = await previewOf(this.data.words, this.live.path, record);
        if (!image || this.runs.get(record.key) !== record || !this.covers(record)) return;
        this.pictures.preview(record.key, image, wordsOf(this.data.words, record));
    }

    /** @param {Record} record */
    covers(record) {
        return record.blurred && this.scrubbed === null;
    }

    restyle() {
        this.theme = themeOf(this.root);
        this.keep();
        this.curves.keep(this.runs.all, this.data.scoreLabel, this.theme);
    }

    keep() {
        const { theme, data, table, runs } = this;
        /** @type {(record: Record, image: number) => string} */
        const colour = (record, image) => lineOf(theme, record, image).colour;
        this.pictures.keep(runs.all, colour, { ...data, mode: runs.mode });
        this.pictures.highlight(this.marked);
        table.node.hidden = !runs.mode.tabulates || data.across > 0 || !runs.size;
        table.keep(table.node.hidden ? [] : runs.all, colour);
        table.mark(this.marked);
    }

    /** @param {string} run */
    choose(run) {
        if (this.runs.mode.tells) this.tell({ kind: "chosen", run });
        if (this.data.across) this.mark(run); // in a sweep a click selects
        this.refresh();
    }

    /**
     * A run's name was clicked in the table or beside the curves: its curve, row and picture stand out, or nobody's
     * again.
     * @param {string} run
     */
    highlight(run) {
        this.mark(this.marked === run ? null : run);
    }

    /** @param {string | null} run */
    mark(run) {
        this.marked = run;
        this.pictures.highlight(run);
        this.curves.highlight(run);
        this.table.mark(run);
    }

    // The page has numbers to add once nothing is going any more: told once.
    tellPage() {
        if (!this.runs.mode.tells || this.told || !this.runs.ended) return;
        this.told = true;
        this.tellEnd(this.runs.all.map(({ key, header }) => `${key} ${header.iteration}`).join(" "));
    }

    /** @param {{ header: Header, pictures: Blob[] }} message */
    async receive({ header, pictures }) {
        const record = this.runs.get(header.run);
        if (!record) return;
        const { shape } = record;
        record.merge(header);
        if (record.shape !== shape) this.keep();
        if (header.points.length || header.marks.length) this.curves.touch();
        if (pictures.length) await this.playback.receive(record.key, header.seq, pictures);
        else if (record.ended && !this.playback.newest.has(record.key)) this.pictures.clear(record.key);
        this.refresh();
        this.tellPage();
    }

    /**
     * @param {string} run
     * @param {ImageBitmap[]} bitmaps
     * @param {boolean} fresh
     */
    draw(run, bitmaps, fresh) {
        this.pictures.draw(run, bitmaps);
        if (fresh) this.root.dataset.drawn = String(++this.drawn);
    }

    // Everything in words and numbers; cheap, and only what differs is touched.
    refresh() {
        const { data, heir, live, scrubbed, runs } = this,
            { connection } = live,
            { mode, header, all, keys } = runs,
            files = runs.saved.length ? `${live.path}/${runs.saved.join()}` : "";
        this.notice.update(keys.join(), this.heading, problemOf(all, connection, { ...data, mode, heir }), connection);
        this.empty.update(data, header?.status ?? (runs.size ? "waiting" : ""), header?.iteration ?? 0);
        this.transport.update({ ...data, header, scrubbed, connection, mode, files });
        for (const record of all) {
            this.pictures.scores(record, scrubbed ?? undefined);
            if (!this.covers(record)) this.pictures.uncover(record.key);
            this.table.update(record, scrubbed, connection);
        }
        this.describe();
        this.root.classList.toggle("av-empty", !runs.size);
        const { iteration = "", status = "" } = header ?? {};
        Object.assign(this.root.dataset, { iteration, status, connection });
    }

    describe() {
        const { scrubbed, runs, data, live } = this,
            said = [scrubbed, live.connection, data.difference, ...runs.all.map(wordsOfRun)].join();
        this.speech.update(runs, scrubbed, live.connection, Boolean(data.covered));
        if (!this.descriptions.due(said, performance.now())) return;
        this.pictures.describe((run, image, name) => {
            const record = runs.get(run);
            return record ? description(data.words, record, image, name, scrubbed, live.connection) : name;
        });
    }

    /**
     * Wishes go to every run that is shown. Who lets it go on looks at what comes, and back no longer.
     * @param {Wish} wish
     */
    wish(wish) {
        if (this.scrubbed !== null && (wish === "resume" || wish === "step")) this.scrub(null);
        for (const key of this.runs.keys) this.live.wish(wish, key);
    }

    /** @param {number} until */
    branch(until) {
        if (!this.runs.first) return;
        const { key, header } = this.runs.first;
        this.tell({ kind: "branch", run: key, iteration: this.scrubbed ?? header.iteration, until });
    }

    /** @param {number | null} iteration */
    scrub(iteration) {
        this.playback.scrub(iteration);
        remember(this.runs.keys, iteration);
        this.curves.point(iteration);
        this.refresh();
    }

    close() {
        this.unwatch();
        const { live, transport, speech, notice, pictures, curves, empty } = this;
        for (const part of [live, transport, speech, notice, pictures, curves, empty]) part.close();
        this.root.remove();
    }
}
