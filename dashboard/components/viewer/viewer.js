// The viewer: called anew by Streamlit after every run of the page's script, it keeps what has not changed.

import { Curves } from "./curves.js";
import { element, show } from "../parts/element.js";
import { decode, unpack } from "./message.js";
import { messageOf, Notice } from "./notice.js";
import { Pictures } from "./pictures.js";
import { Record, standing, together, wordOf } from "./record.js";
import { uncover } from "../parts/sidebar.js";
import { Stream } from "./stream.js";
import { Table } from "./table.js";
import { lineOf, themeOf } from "../parts/theme.js";
import { Transport } from "./transport.js";

const CALM = 3000; // ms between two descriptions of the pictures, in which nothing but numbers has changed

const BACK = "actviz-back"; // in the tab's store: the runs that were looked back at, and the iteration

const viewers = new WeakMap();

export function mount({ parentElement, data, setTriggerValue, setStateValue }) {
    if (!viewers.has(parentElement)) viewers.set(parentElement, new Viewer(parentElement, data.files));
    const viewer = viewers.get(parentElement);
    viewer.tell = (event) => setTriggerValue("event", event);
    viewer.tellEnd = (end) => setStateValue("ended", end); // as a second trigger it would take the place of a click in the same moment
    viewer.show(data);
}

export function unmount(parentElement) {
    viewers.get(parentElement)?.close();
    viewers.delete(parentElement);
}

// The iteration of these runs that the tab was looking at before it was reloaded, or their page left; null: the newest.
function lookedBack(keys) {
    const [known, iteration] = JSON.parse(sessionStorage.getItem(BACK) ?? "[]");
    return known === keys.join() ? iteration : null;
}

class Viewer {
    constructor(parent, files) {
        Object.assign(this, {
            records: new Map(),
            live: null,
            stream: null,
            connection: "connected",
            scrubbed: null,
            marked: null,
        });
        Object.assign(this, { drawn: 0, newest: new Map(), fetching: false, heir: "" });
        this.pictures = new Pictures((run) => this.choose(run));
        this.curves = new Curves(files, (run) => this.highlight(run));
        this.table = new Table((run) => this.highlight(run));
        this.transport = new Transport({
            wish: (word) => this.wish(word),
            scrub: (iteration) => this.scrub(iteration),
            branch: (until) => this.branch(until),
            picture: () => ({
                canvas: this.pictures.sheet(),
                name: `${this.heading} ${this.scrubbed ?? this.first.last}`,
            }),
        });
        this.notice = new Notice(
            (event) => this.tell(event),
            () => this.root.focus({ preventScroll: true }),
        );
        this.still = element("img", { className: "av-still", "data-testid": "still" });
        this.words = element("span");
        this.placeholder = element("p", { className: "av-placeholder" }, this.still, this.words);
        this.curves.node.append(
            element("p", { className: "av-placeholder" }, "Score, penalties and gradient, as curves"),
        );
        const stage = element("div", { className: "av-stage" }, this.pictures.node, this.placeholder);
        const main = element("div", { className: "av-main" }, this.notice.node, stage, this.transport.node);
        this.root = element(
            "section",
            { className: "av-viewer", "data-testid": "viewer", "aria-label": "the run", tabIndex: -1 },
            main,
            this.curves.node,
            this.table.node,
            this.pictures.large.node,
        );
        parent.append(this.root);
    }

    show(data) {
        // Another visitor's page, with nothing on it: its session began anew. What this one shows may still be there, and stays until others come.
        if (!data.runs.length && !data.still && this.records.size && data.live !== this.live) {
            this.heir = data.server === this.data.server ? "away" : "restarted";
            return this.refresh();
        }
        Object.assign(this, { data, heir: "" });
        this.root.style.setProperty("--av-height", data.height);
        const keys = data.runs.map((run) => run.key),
            same = keys.join() === [...this.records.keys()].join();
        const known = this.records;
        this.records = new Map(data.runs.map((run) => [run.key, known.get(run.key) ?? new Record(run)]));
        data.runs.forEach((run) => this.records.get(run.key).describe(run));
        if (!same) this.renew(known);
        if (!same && keys.length) uncover(this.root);
        this.connect(data.live, same);
        this.restyle();
        this.refresh();
        for (const [key, record] of this.records) if (record.preview && !known.has(key)) this.preview(record);
        const back = same ? this.scrubbed : lookedBack(keys);
        if (back !== this.scrubbed) this.scrub(back);
    }

    // Other runs than before: those that stay keep their newest pictures.
    renew(known) {
        const stayed = [...this.records.keys()].filter((key) => known.has(key));
        this.newest = new Map(stayed.filter((key) => this.newest.has(key)).map((key) => [key, this.newest.get(key)]));
        if (!this.records.has(this.marked)) this.mark(this.data.picked || null);
        this.told = false;
    }

    // What the gallery has of the same channel, until the run's own picture is clearer; usually it has nothing.
    async preview(record) {
        const image = element("img", {
            alt: "The same channel, from the gallery",
            src: `${this.live}/${record.key}/preview`,
        });
        const there = await image.decode().then(
            () => true,
            () => false,
        );
        const { until, iterations, width } = record.preview ?? { until: 0 };
        record.until = Math.min(until, Math.round(iterations * (image.naturalWidth / width) ** 2)); // a small one is clearer for a shorter time
        if (!there || this.records.get(record.key) !== record || !this.covers(record)) return;
        this.pictures.preview(
            record.key,
            image,
            `The Gallery's picture of this channel. At iteration ${record.until} this run's own is clearer and takes its place.`,
        );
    }

    covers(record) {
        return record.blurred && this.scrubbed === null;
    }

    connect(live, same) {
        const gone = this.connection === "ended" || !this.records.size;
        if (this.stream && (live !== this.live || gone)) this.stream = void this.stream.close();
        this.live = live;
        if (this.stream && !same) this.stream.watch();
        if (this.stream || !this.records.size) return;
        this.connection = "connected";
        this.stream = new Stream(live, {
            watching: () => Object.fromEntries([...this.records].map(([key, record]) => [key, record.last])),
            receive: (message) => this.receive(message),
            changed: (connection) => {
                this.connection = connection;
                this.refresh();
            },
        });
    }

    restyle() {
        this.theme = themeOf(this.root);
        this.keep();
        this.curves.keep([...this.records.values()], this.data.scoreLabel, this.theme);
    }

    keep() {
        const records = [...this.records.values()],
            colour = (record, image) => lineOf(this.theme, record, image).colour;
        this.pictures.keep(records, colour, this.data);
        this.pictures.highlight(this.marked);
        this.table.node.hidden = !this.data.board || this.data.across > 0 || !records.length;
        this.table.keep(this.table.node.hidden ? [] : records, colour);
        this.table.mark(this.marked);
    }

    choose(run) {
        if (this.data.board) this.tell({ kind: "chosen", run });
        if (this.data.across) this.mark(run); // in a sweep a click selects
        this.refresh();
    }

    // A run's name was clicked in the table or beside the curves: its curve, row and picture stand out, or nobody's again.
    highlight(run) {
        this.mark(this.marked === run ? null : run);
    }

    mark(run) {
        this.marked = run;
        for (const part of [this.pictures, this.curves]) part.highlight(run);
        this.table.mark(run);
    }

    // The page has numbers to add once nothing is going any more: told once.
    tellPage() {
        const records = [...this.records.values()];
        if (!this.data.board || this.told || !records.length || !records.every((record) => record.ended)) return;
        this.told = true;
        this.tellEnd(records.map(({ key, header }) => `${key} ${header.iteration}`).join(" "));
    }

    async receive({ header, pictures }) {
        const record = this.records.get(header.run);
        if (!record) return;
        const before = this.columns(record);
        record.merge(header);
        if (this.columns(record) !== before) this.keep();
        if (header.points.length || header.marks.length) this.curves.touch();
        if (pictures.length) await this.newPicture(record, header, pictures);
        else if (record.ended && !this.newest.has(record.key)) this.pictures.clear(record.key);
        this.refresh();
        this.tellPage();
    }

    // What decides which pictures and which columns of numbers there are.
    columns(record) {
        return [record.images, record.ended, record.heldOut?.score].join();
    }

    async newPicture(record, header, pictures) {
        if ((this.newest.get(record.key)?.seq ?? -1) > header.seq) return;
        this.newest.set(record.key, { seq: header.seq, pictures });
        if (this.scrubbed !== null) return;
        const bitmaps = await decode(pictures);
        // Decoding takes its time: something newer, or the scrubber, may have come before.
        if (this.newest.get(record.key)?.seq !== header.seq && this.newest.get(record.key)?.drawn) return;
        if (this.scrubbed !== null || !this.records.has(record.key)) return;
        this.newest.get(record.key).drawn = true;
        this.pictures.draw(record.key, bitmaps);
        this.root.dataset.drawn = ++this.drawn;
    }

    get first() {
        const records = [...this.records.values()];
        return records.find((record) => !record.ended) ?? records[0];
    }

    // Where saves lie: of all runs on a board, else of the one in focus. Nowhere before there is a picture.
    get files() {
        const shown = this.data.board ? [...this.records.values()] : [this.first].filter(Boolean);
        return shown.some((record) => record.header.recorded)
            ? `${this.live}/${shown.map((record) => record.key).join()}`
            : "";
    }

    get heading() {
        return this.data.title || (this.first?.title ?? ""); // several runs say the rest under their pictures
    }

    // Everything in words and numbers; cheap, and only what differs is touched.
    refresh() {
        const record = this.first,
            header = record ? together([...this.records.values()]) : null;
        this.notice.update(
            [...this.records.keys()].join(),
            this.heading,
            messageOf([...this.records.values()], this.connection, { ...this.data, heir: this.heir }),
        );
        show(this.words, this.data.placeholder);
        this.still.hidden = Boolean(record) || !this.data.still;
        if (!this.still.hidden && this.still.src !== this.data.still)
            Object.assign(this.still, { src: this.data.still, alt: this.data.title });
        this.root.classList.toggle("av-empty", !record);
        this.transport.goOn(this.data.board ? null : header, this.scrubbed, this.data);
        this.transport.update(
            header,
            this.scrubbed,
            this.connection,
            record ? this.data.device : "",
            this.files,
            this.data.board,
        );
        for (const each of this.records.values()) {
            this.pictures.scores(each, this.scrubbed ?? undefined);
            if (!this.covers(each)) this.pictures.uncover(each.key);
            this.table.update(each, this.scrubbed, this.connection);
        }
        this.describe();
        this.root.dataset.iteration = header?.iteration ?? "";
        this.root.dataset.status = header?.status ?? "";
        this.root.dataset.connection = this.connection;
    }

    // What each picture is and where its run stands: at once where a word changes, else seldom enough to be listened to.
    describe() {
        const records = [...this.records.values()],
            now = performance.now();
        const words = [
            this.scrubbed,
            this.connection,
            this.data.difference,
            ...records.map((record) => record.key + record.title + record.header.status + !record.last),
        ].join();
        if (words === this.described && now - this.describedAt < CALM) return;
        Object.assign(this, { described: words, describedAt: now });
        this.pictures.describe((run, image, name) => this.inWords(this.records.get(run), image, name));
    }

    inWords(record, image, name) {
        const { header, last } = record,
            at = this.scrubbed === null ? last : Math.min(this.scrubbed, last),
            score = record.score(image, at);
        const own = record.captions.length > 1 && record.about !== name && !record.about.endsWith(`: ${name}`);
        const what = own
            ? `${record.about}: ${name}`
            : record.images > record.captions.length
              ? `${record.about}, picture ${image + 1}`
              : record.about;
        const word = standing(wordOf(header.status), header.status, this.connection);
        if (!last) return `${what}. No picture yet: ${word}.`;
        const where =
            this.scrubbed === null
                ? `Iteration ${last} of ${header.iterations}`
                : `Looking back at iteration ${at} of ${header.iterations}`;
        return `${what}. ${where}, ${word}${score === null ? "" : `, score ${score.toPrecision(4)}`}.`;
    }

    // Wishes go to every run that is shown. Who lets it go on looks at what comes, and back no longer.
    wish(word) {
        if (this.scrubbed !== null && (word === "resume" || word === "step")) this.scrub(null);
        for (const key of this.records.keys()) this.stream?.wish(word, key);
    }

    branch(until) {
        const { key, header } = this.first;
        this.tell({ kind: "branch", run: key, iteration: this.scrubbed ?? header.iteration, until });
    }

    async scrub(iteration) {
        this.scrubbed = iteration;
        sessionStorage.setItem(BACK, JSON.stringify([[...this.records.keys()].join(), iteration]));
        this.curves.point(iteration);
        this.refresh();
        if (this.fetching) return; // the one under way looks again when it is done
        this.fetching = true;
        do {
            iteration = this.scrubbed;
            await Promise.all([...this.records.keys()].map((run) => this.look(run, iteration)));
        } while (iteration !== this.scrubbed);
        this.fetching = false;
    }

    async look(run, iteration) {
        try {
            const pictures =
                iteration === null ? (this.newest.get(run)?.pictures ?? []) : await this.recorded(run, iteration);
            const bitmaps = await decode(pictures);
            if (this.records.has(run)) this.pictures.draw(run, bitmaps);
        } catch (problem) {
            console.warn("viewer:", problem);
        }
    }

    async recorded(run, iteration) {
        const answer = await fetch(`${this.live}/${run}/picture/${iteration}`);
        return answer.ok ? unpack(await answer.arrayBuffer()).pictures : [];
    }

    close() {
        this.stream?.close();
        this.transport.close();
        this.pictures.close();
        this.curves.close();
        this.root.remove();
    }
}
