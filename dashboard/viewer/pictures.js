// The pictures: one canvas each, in a grid that keeps its place; a click shows one alone.

import { element, show } from "./element.js";

const CAPTION = 30, GAP = 10; // px
const DIFFERENCE = { key: "difference", captions: ["difference, doubled"], images: 1 };

export class Pictures {
    // chosen(run): called when a picture of it was clicked
    constructor(chosen) {
        this.node = element("div", { className: "av-pictures" });
        Object.assign(this, { across: 0, pair: [], marked: null });
        this.cells = []; // a cell keeps its place and its picture when another run comes into it, until that run's first picture
        this.alone = null;
        this.chosen = chosen;
        this.observer = new ResizeObserver(() => this.arrange());
        this.observer.observe(this.node);
    }

    // As many cells as these runs have pictures, and one for the difference of two; colours(index) gives each its curve's colour.
    keep(records, colours, { across, board, difference }) {
        const wanted = records.flatMap((record) =>
            Array.from({ length: record.images || record.captions.length || 1 }, (_, image) => ({ record, image })));
        Object.assign(this, { across, board, pair: difference });
        if (difference.length) wanted.push({ record: DIFFERENCE, image: 0 });
        while (this.cells.length > wanted.length) this.cells.pop().node.remove();
        while (this.cells.length < wanted.length) this.cells.push(this.make(this.cells.length));
        if (!this.cells.includes(this.alone)) this.alone = null;
        wanted.forEach(({ record, image }, index) => {
            const cell = this.cells[index];
            const caption = record.captions[image] ?? (wanted.length > 1 ? record.title || `picture ${image + 1}` : "");
            if (cell.run !== record.key) show(cell.score, "");
            Object.assign(cell, { run: record.key, image });
            show(cell.caption, caption);
            cell.button.setAttribute("aria-label", `${caption || "picture"}: show alone, or all`);
            cell.button.disabled = wanted.length < 2;
            cell.swatch.hidden = wanted.length < 2 || record === DIFFERENCE || across > 0;
            cell.swatch.style.background = colours(index);
        });
        if (difference.length) this.subtract();
        this.arrange();
    }

    make(index) {
        const canvas = element("canvas", { width: 1, height: 1, "data-testid": `picture-${index}` });
        const button = element("button", { type: "button", className: "av-picture" }, canvas);
        const [swatch, caption, score] = ["swatch", "caption", "score"].map((part) => element("span", { className: `av-${part}` }));
        score.dataset.testid = `score-${index}`;
        const node = element("figure", { className: "av-cell" }, button, element("figcaption", {}, swatch, caption, score));
        const cell = { node, button, canvas, caption, score, swatch };
        button.addEventListener("click", () => {
            if (!this.across) this.alone = this.alone ? null : cell; // in a sweep a click chooses
            if (cell.run !== DIFFERENCE.key) this.chosen(cell.run);
            this.arrange();
        });
        this.node.append(node);
        return cell;
    }

    of(run) {
        return this.cells.filter((cell) => cell.run === run);
    }

    draw(run, bitmaps) {
        let resized = false;
        for (const { image, canvas } of this.of(run)) {
            const bitmap = bitmaps[image];
            if (!bitmap) continue;
            if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
                [canvas.width, canvas.height, resized] = [bitmap.width, bitmap.height, true];
            }
            canvas.getContext("2d").drawImage(bitmap, 0, 0);
        }
        bitmaps.forEach((bitmap) => bitmap.close());
        if (this.pair.includes(run)) this.subtract();
        if (resized) this.arrange();
    }

    // |first - second|, brightened so that small differences show.
    subtract() {
        const [first, second] = this.pair.map((run) => this.of(run)[0]?.canvas), [cell] = this.of(DIFFERENCE.key);
        if (!first || !second || !cell) return;
        const { canvas } = cell, context = canvas.getContext("2d");
        Object.assign(canvas, { width: first.width, height: first.height });
        context.drawImage(first, 0, 0);
        context.globalCompositeOperation = "difference";
        context.drawImage(second, 0, 0, canvas.width, canvas.height);
        context.globalCompositeOperation = "lighter";
        context.drawImage(canvas, 0, 0);
    }

    // The cells of a run stand out; a second time, nobody's do. Returns the run that does.
    highlight(run) {
        this.marked = this.marked === run ? null : run;
        for (const cell of this.cells) cell.node.classList.toggle("av-marked", cell.run === this.marked);
        return this.marked;
    }

    // A run that ended before its first picture leaves nothing of its predecessor in the frame.
    clear(run) {
        for (const { canvas } of this.of(run)) canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    }

    scores(record, iteration) {
        for (const { image, score } of this.of(record.key)) {
            const value = record.score(image, iteration);
            show(score, value === null ? "" : value.toPrecision(4));
        }
    }

    // The largest equal cells that fit, in as many columns as that takes.
    arrange() {
        const { clientWidth: width, clientHeight: height } = this.node;
        this.node.classList.toggle("av-alone", Boolean(this.alone));
        for (const cell of this.cells) cell.node.hidden = Boolean(this.alone) && cell !== this.alone;
        const cells = this.cells.filter((cell) => !cell.node.hidden);
        if (!cells.length || !width || !height) return;
        const aspect = Math.max(...cells.map(({ canvas }) => canvas.width / canvas.height));
        let best = { width: 0 };
        const set = this.alone ? 0 : this.across;
        for (let columns = set || 1; columns <= (set || cells.length); columns++) {
            const rows = Math.ceil(cells.length / columns);
            const across = (width - GAP * (columns - 1)) / columns;
            const down = (height - GAP * (rows - 1)) / rows - CAPTION;
            const fitting = Math.floor(Math.min(across, down * aspect));
            if (fitting > best.width) best = { width: fitting, columns };
        }
        this.node.classList.toggle("av-narrow", best.width < 210);
        this.node.style.gridTemplateColumns = `repeat(${best.columns}, ${best.width}px)`;
        for (const { canvas } of cells) {
            canvas.style.width = `${best.width}px`;
            canvas.style.height = `${Math.round(best.width * canvas.height / canvas.width)}px`;
        }
    }

    close() {
        this.observer.disconnect();
    }
}
