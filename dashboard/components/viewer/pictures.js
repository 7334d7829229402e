// The pictures: one canvas each, in a grid; a click shows one alone, and a single one large. In a sweep the grid has headings.

import { element, show } from "../parts/element.js";
import { Large } from "./large.js";

const CAPTION = 30,
    GAP = 10,
    NARROW = 210,
    TINY = 140,
    LINE = 16,
    LINES = 8; // px: LINES is what several lines have around them
const HEADING = 40,
    SIDE = 96; // px: height of the headings above a sweep, width of those beside it
const DIFFERENCE = "difference";

export class Pictures {
    // chosen(run): called when a picture of it was clicked
    constructor(chosen) {
        this.node = element("div", { className: "av-pictures" });
        Object.assign(this, { across: 0, pair: [], marked: null, axes: [], headings: [] });
        this.cells = [];
        this.alone = null;
        this.large = new Large();
        this.chosen = chosen;
        this.observer = new ResizeObserver(() => this.arrange());
        this.observer.observe(this.node);
    }

    // As many cells as these runs have pictures, and one for the difference of two; colour(record, image) is that of its curve.
    // A cell stays with its run. One whose run is gone goes to the next new run, and keeps its picture, dimmed, until that run's first; not on a board.
    keep(records, colour, { board, across, axes, difference }) {
        const wanted = records.flatMap((record) =>
            Array.from({ length: record.images || record.captions.length || 1 }, (_, image) => ({
                record,
                image,
                id: `${record.key} ${image}`,
            })),
        );
        const pair = difference.map((run) => records.find((record) => record.key === run)).filter(Boolean);
        if (pair.length === 2) wanted.push({ record: differenceOf(...pair), image: 0, id: DIFFERENCE });
        Object.assign(this, {
            across,
            pair: difference,
            lines: records.some((record) => record.images > record.captions.length) ? 3 : 2,
        });
        this.node.style.setProperty("--av-lines", this.lines);
        const known = new Map(this.cells.map((cell) => [cell.id, cell])),
            ids = new Set(wanted.map(({ id }) => id));
        const free = board ? [] : this.cells.filter((cell) => !ids.has(cell.id));
        this.cells = wanted.map(({ id }) => known.get(id) ?? free.shift() ?? this.make());
        if (!this.cells.includes(this.alone)) this.alone = null;
        wanted.forEach(({ record, image, id }, index) => {
            const cell = this.cells[index];
            if (cell.id !== id) this.take(cell, id);
            const caption = record.name(image);
            Object.assign(cell, { run: record.key, image, name: caption });
            show(cell.words, across || wanted.length < 2 ? "" : (record.short ?? caption));
            if (cell.caption.title !== caption) cell.caption.title = caption;
            cell.button.setAttribute(
                "aria-label",
                across
                    ? `choose ${caption}`
                    : wanted.length < 2
                      ? "show the picture large"
                      : `${caption || "picture"}: show alone, or all`,
            );
            cell.canvas.dataset.testid = `picture-${index}`;
            cell.score.dataset.testid = `score-${index}`;
            cell.swatch.hidden = wanted.length < 2 || id === DIFFERENCE || across > 0;
            if (!cell.swatch.hidden) cell.swatch.style.background = colour(record, image);
        });
        this.head(axes);
        this.place();
        if (pair.length === 2) this.subtract();
        this.arrange();
    }

    make() {
        const canvas = element("canvas", { width: 1, height: 1, role: "img" });
        const button = element("button", { type: "button", className: "av-alone-button" });
        const [swatch, score] = ["swatch", "score"].map((part) => element("span", { className: `av-${part}` })),
            words = element("span");
        const caption = element("span", { className: "av-caption" }, element("span", {}, swatch, words));
        const node = element(
            "figure",
            { className: "av-cell" },
            element("div", { className: "av-picture" }, canvas, button),
            element("figcaption", {}, caption, score),
        );
        const cell = { node, button, canvas, caption, words, score, swatch };
        button.addEventListener("click", () => {
            if (this.cells.length < 2 && !this.across) return this.large.open(canvas);
            if (!this.across) this.alone = this.alone ? null : cell; // in a sweep a click chooses
            if (cell.id !== DIFFERENCE) this.chosen(cell.run);
            this.arrange();
        });
        return cell;
    }

    // A cell for another run.
    take(cell, id) {
        cell.id = id;
        cell.before = cell.canvas.width > 1; // what it shows is another run's
        cell.node.classList.toggle("av-before", cell.before);
        uncover(cell);
        cell.canvas.removeAttribute("aria-label");
        show(cell.score, "");
    }

    // What varies along the two sides of a sweep, and its values.
    head(axes) {
        const text = JSON.stringify(axes);
        if (text === this.headed) return;
        this.headed = text;
        const heading =
            (side) =>
            ({ name, values }) =>
                values.map((value) =>
                    element(
                        "div",
                        { className: `av-heading av-${side}` },
                        element("span", {}, name),
                        " ",
                        element("strong", {}, value),
                    ),
                );
        this.headings = axes.map((axis, index) => heading(index ? "side" : "top")(axis));
    }

    // Headings and cells in the order in which they are read; only what has moved is touched.
    place() {
        const [top, side] = this.headings.length ? this.headings : [[], []];
        const nodes = [
            ...top,
            ...this.cells.flatMap(({ node }, index) =>
                side.length && index % this.across === 0 ? [side[index / this.across], node] : [node],
            ),
        ];
        if (
            nodes.length !== this.node.children.length ||
            nodes.some((node, index) => this.node.children[index] !== node)
        )
            this.node.replaceChildren(...nodes);
        top.forEach((node, index) => {
            node.style.gridArea = `1 / ${index + 2}`;
        });
        side.forEach((node, index) => {
            node.style.gridArea = `${index + 2} / 1`;
        });
        this.cells.forEach(({ node }, index) => {
            node.style.gridArea = side.length
                ? `${Math.floor(index / this.across) + 2} / ${(index % this.across) + 2}`
                : "";
        });
    }

    of(run) {
        return this.cells.filter((cell) => cell.run === run);
    }

    draw(run, bitmaps) {
        let resized = false;
        for (const cell of this.of(run)) {
            const bitmap = bitmaps[cell.image],
                { canvas } = cell;
            if (!bitmap) continue;
            if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
                [canvas.width, canvas.height, resized] = [bitmap.width, bitmap.height, true];
            }
            canvas.getContext("2d").drawImage(bitmap, 0, 0);
            this.large.draw(canvas);
            this.fresh(cell);
        }
        bitmaps.forEach((bitmap) => bitmap.close());
        if (this.pair.includes(run)) this.subtract();
        if (resized) this.arrange();
    }

    fresh(cell) {
        cell.before = false;
        cell.node.classList.remove("av-before");
    }

    // Another picture over the run's, until it is uncovered. The canvas never holds it.
    preview(run, image, words) {
        for (const cell of this.of(run)) {
            cell.cover = element(
                "div",
                { className: "av-preview", "data-testid": "preview" },
                image,
                element("span", {}, words),
            );
            cell.canvas.after(cell.cover);
        }
    }

    uncover(run) {
        this.of(run).forEach(uncover);
    }

    // |first - second|, brightened so that small differences show. The context is left as it was: its cell may become another's.
    subtract() {
        const [first, second] = this.pair.map((run) => this.of(run)[0]?.canvas),
            cell = this.cells.find(({ id }) => id === DIFFERENCE);
        if (!first || !second || !cell) return;
        const { canvas } = cell,
            context = canvas.getContext("2d");
        Object.assign(canvas, { width: first.width, height: first.height });
        context.drawImage(first, 0, 0);
        context.globalCompositeOperation = "difference";
        context.drawImage(second, 0, 0, canvas.width, canvas.height);
        context.globalCompositeOperation = "lighter";
        context.drawImage(canvas, 0, 0);
        context.globalCompositeOperation = "source-over";
        this.fresh(cell);
    }

    // The cells of a run stand out, or with null nobody's.
    highlight(run) {
        this.marked = run;
        for (const cell of this.cells) cell.node.classList.toggle("av-marked", run !== null && cell.run === run);
    }

    // A run that ended before its first picture leaves nothing of its predecessor in the frame.
    clear(run) {
        for (const cell of this.of(run)) {
            cell.canvas.getContext("2d").clearRect(0, 0, cell.canvas.width, cell.canvas.height);
            this.fresh(cell);
        }
    }

    scores(record, iteration) {
        for (const { image, score } of this.of(record.key)) {
            const value = record.score(image, iteration);
            show(score, value === null ? "" : value.toPrecision(4));
        }
    }

    // All that is shown, as one picture.
    sheet() {
        const canvases = this.cells.filter(({ node }) => !node.hidden).map(({ canvas }) => canvas);
        const [width, height] = ["width", "height"].map((side) => Math.max(...canvases.map((canvas) => canvas[side])));
        const across = this.across || Math.ceil(Math.sqrt(canvases.length));
        const sheet = element("canvas", {
            width: across * width,
            height: Math.ceil(canvases.length / across) * height,
        });
        canvases.forEach((canvas, index) =>
            sheet.getContext("2d").drawImage(canvas, (index % across) * width, Math.floor(index / across) * height),
        );
        return sheet;
    }

    // What is said of each picture to those who cannot see it; words(run, image, name) -> text.
    describe(words) {
        for (const { id, run, image, name, canvas } of this.cells) {
            const text = id === DIFFERENCE ? name : words(run, image, name);
            if (canvas.getAttribute("aria-label") !== text) canvas.setAttribute("aria-label", text);
        }
    }

    // The largest equal cells that fit, in as many columns as that takes.
    arrange() {
        const headed = this.headings.length > 0;
        const width = this.node.clientWidth - (headed ? SIDE + GAP : 0),
            height = this.node.clientHeight - (headed ? HEADING : 0);
        this.node.classList.toggle("av-alone", Boolean(this.alone));
        for (const cell of this.cells) cell.node.hidden = Boolean(this.alone) && cell !== this.alone;
        const cells = this.cells.filter((cell) => !cell.node.hidden);
        if (!cells.length || width <= 0 || height <= 0) return;
        const tall = cells.map(({ canvas }) => canvas.height / canvas.width);
        let best = { width: 0 };
        const set = this.alone ? 0 : this.across;
        for (let columns = set || 1; columns <= (set || cells.length); columns++) {
            const rows = Math.ceil(cells.length / columns);
            const across = (width - GAP * (columns - 1)) / columns;
            let together = 0; // the heights of all rows, each that of its tallest, as a share of the width
            for (let row = 0; row < rows; row++)
                together += Math.max(...tall.slice(row * columns, (row + 1) * columns));
            const fitting = (caption) =>
                Math.floor(Math.min(across, (height - GAP * (rows - 1) - caption * rows) / together));
            const roomy = fitting(CAPTION),
                here = roomy < NARROW && !set ? fitting(this.lines * LINE + LINES) : roomy;
            if (here > best.width) best = { width: here, columns };
        }
        this.node.classList.toggle("av-narrow", best.width < NARROW);
        this.node.classList.toggle("av-lines", best.width < NARROW && !set);
        this.node.classList.toggle("av-tiny", best.width < TINY && !set);
        this.node.style.gridTemplateColumns = `${headed ? `${SIDE}px ` : ""}repeat(${best.columns}, ${best.width}px)`;
        for (const { canvas } of cells) {
            canvas.style.width = `${best.width}px`;
            canvas.style.height = `${Math.round((best.width * canvas.height) / canvas.width)}px`;
        }
    }

    close() {
        this.observer.disconnect();
    }
}

function uncover(cell) {
    cell.cover?.remove();
    cell.cover = null;
}

function differenceOf(first, second) {
    const caption = `difference, doubled, of ${first.title} and ${second.title}`,
        [one, other] = [first, second].map(({ title }) => parseInt(title));
    return {
        key: DIFFERENCE,
        captions: [caption],
        images: 1,
        title: caption,
        name: () => caption,
        short: `${one} \u2212 ${other}, doubled`,
    };
}
