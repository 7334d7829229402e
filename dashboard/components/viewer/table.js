// The numbers of a comparison: a row for each run, as live as its picture. A name picks its picture and its curve out.

import { element, show } from "../parts/element.js";
import { standing, wordOf } from "./record.js";

const COLUMNS = ["Column", "Score", "Iteration", "Status"],
    HELD_OUT = ["Held-out score", "Rank in layer"];

export class Table {
    // named(run): called when the name of it was clicked
    constructor(named) {
        this.named = named;
        this.rows = new Map();
        this.heads = [...COLUMNS, ...HELD_OUT].map((name) => element("th", { scope: "col" }, name));
        this.body = element("tbody");
        this.node = element(
            "table",
            { className: "av-table", "data-testid": "numbers" },
            element("thead", {}, element("tr", {}, ...this.heads)),
            this.body,
        );
    }

    // What is known only of finished pictures has its columns when all have finished; until it is known it says so.
    keep(records, colour) {
        const known = new Map(this.rows);
        this.rows = new Map(records.map((record) => [record.key, known.get(record.key) ?? this.make(record.key)]));
        const nodes = [...this.rows.values()].map(({ node }) => node);
        if (
            nodes.some((node, place) => this.body.children[place] !== node) ||
            this.body.children.length > nodes.length
        ) {
            this.body.replaceChildren(...nodes); // only then: a row that is put in anew loses the keyboard's focus
        }
        const over = records.every((record) => record.ended) && records.some((record) => record.last);
        this.heads.slice(COLUMNS.length).forEach((head) => {
            head.hidden = !over;
        });
        records.forEach((record) => {
            const { name, swatch, heldOut, rank } = this.rows.get(record.key);
            show(name, record.title);
            swatch.style.background = colour(record, 0);
            show(heldOut, record.heldOut ? record.heldOut.score.toPrecision(4) : record.last ? "computing…" : "");
            show(rank, record.heldOut?.rank ? `${record.heldOut.rank} of ${record.heldOut.of}` : "");
            heldOut.hidden = rank.hidden = !over;
        });
    }

    make(run) {
        const cell = (name) => element("td", { "data-testid": name });
        const [score, iteration, status, heldOut, rank] = ["score", "iteration", "status", "held-out", "rank"].map(
            (name) => cell(`row-${name}`),
        );
        const name = element("span"),
            swatch = element("span", { className: "av-swatch" });
        const button = element(
            "button",
            {
                type: "button",
                className: "av-name",
                title: "Highlight its picture and its curve",
                "aria-pressed": "false",
            },
            swatch,
            name,
        );
        button.addEventListener("click", () => this.named(run));
        const node = element(
            "tr",
            {},
            element("th", { scope: "row" }, button),
            score,
            iteration,
            status,
            heldOut,
            rank,
        );
        return { node, button, name, swatch, score, iteration, status, heldOut, rank };
    }

    update(record, scrubbed, connection) {
        const row = this.rows.get(record.key);
        if (!row) return;
        const { header, last } = record,
            at = Math.min(scrubbed ?? last, last),
            score = record.score(0, at);
        show(row.score, score === null ? "" : score.toPrecision(4));
        show(
            row.iteration,
            header.iterations ? `${scrubbed === null ? header.iteration : at} of ${header.iterations}` : "",
        );
        const word = standing(wordOf(header.status), header.status, connection);
        show(row.status, header.error ? `${word}: ${header.error}` : word);
    }

    mark(run) {
        for (const [key, { node, button }] of this.rows) {
            node.classList.toggle("av-marked", key === run);
            button.setAttribute("aria-pressed", String(key === run));
        }
    }
}
