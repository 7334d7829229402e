// What this page knows about one run: its latest header, and every curve point as columns of plain numbers.

export const ENDED = ["finished", "failed", "cancelled"];
const WORDS = { waiting: "waiting for its turn", cancelled: "stopped" };

export const wordOf = (status) => WORDS[status] ?? status;

// Where a run stands, as far as this page can know.
export function standing(word, status, connection) {
    if (connection === "connected" || !status || ENDED.includes(status)) return word;
    return connection === "ended" ? "interrupted" : "reconnecting…";
}

// Where several runs together stand, as one header: they are running while one of them is, and as far as the one that has most before it.
export function together(records) {
    const headers = records.map(({ header }) => header),
        going = headers.filter(({ status }) => !ENDED.includes(status));
    const leftOf = ({ iterations, iteration }) => iterations - iteration;
    const status = ["running", "waiting", "paused", "finished", "cancelled", "failed"].find((each) =>
        headers.some((header) => header.status === each),
    );
    const ahead = headers
        .filter((header) => header.status === status)
        .sort((one, other) => leftOf(other) - leftOf(one))[0];
    const far = headers
        .filter(({ recorded }) => recorded)
        .sort((one, other) => other.recorded.last - one.recorded.last)[0];
    const counts = ENDED.map((each) => [
        headers.filter((header) => header.status === each).length,
        wordOf(each),
    ]).filter(([count]) => count);
    const word =
        going.length || counts.length < 2
            ? wordOf(status)
            : counts.map(([count, each]) => `${count} ${each}`).join(", ");
    const furthest = Math.max(
        0,
        ...headers.filter((header) => header.status === status).map(({ iteration }) => iteration),
    );
    return { ...ahead, furthest, status, word, recorded: far?.recorded ?? null };
}

export class Record {
    constructor(run) {
        this.iterations = [];
        this.columns = new Map(); // "score 0", "gradient 0", "penalty L1 norm" -> numbers, one per iteration
        this.marks = new Map(); // iteration -> sentence
        this.images = 0;
        this.header = {
            status: "waiting",
            error: "",
            iteration: 0,
            iterations: 0,
            diagnosis: null,
            recorded: null,
            rate: 0,
        };
        this.describe(run);
    }

    describe({ key, title, captions, about, colour, preview }) {
        Object.assign(this, { key, title, captions, about, colour, preview });
    }

    // Of one of its pictures, what tells it apart first: names are cut where there is no room.
    name(image) {
        const own = this.captions[image] ?? (this.title || `picture ${image + 1}`);
        return this.images > this.captions.length ? this.title.replace(/^(\d+\. )?/, `$1picture ${image + 1}, `) : own;
    }

    // Whether another picture may stand for the run's own: until that is clear, or somebody wants to look at it.
    get blurred() {
        return (
            this.header.iteration < (this.until ?? this.preview?.until ?? 0) &&
            ["waiting", "running"].includes(this.header.status)
        );
    }

    get last() {
        return this.iterations.at(-1) ?? 0;
    }

    // Score and rank under views that the picture was not made with, once they are known.
    get heldOut() {
        return this.header.heldOut ?? null;
    }

    get ended() {
        return ENDED.includes(this.header.status);
    }

    merge(header) {
        const { points, marks, ...rest } = header;
        this.header = rest;
        for (const [iteration, sentence] of marks) this.marks.set(iteration, sentence);
        for (const point of points) if (point[0] > this.last) this.add(point);
    }

    add([iteration, scores, penalties, gradients]) {
        scores.forEach((value, image) => this.put(`score ${image}`, value));
        gradients.forEach((value, image) => this.put(`gradient ${image}`, value));
        for (const [name, value] of Object.entries(penalties)) this.put(`penalty ${name}`, value);
        this.iterations.push(iteration);
        this.images = scores.length;
        for (const column of this.columns.values()) if (column.length < this.iterations.length) column.push(null);
    }

    put(name, value) {
        if (!this.columns.has(name)) this.columns.set(name, new Array(this.iterations.length).fill(null));
        this.columns.get(name).push(value);
    }

    // The score of an image at an iteration, or at the newest one.
    score(image, iteration = this.last) {
        const column = this.columns.get(`score ${image}`);
        // Iterations are consecutive, so the place follows from the first one.
        return column?.[iteration - this.iterations[0]] ?? null;
    }
}
