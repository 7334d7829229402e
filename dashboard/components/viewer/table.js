// The numbers of a comparison: a row for each run, as live as its picture. A name picks its picture and its curve out.

/**
 * @import { Connection, HeldOut } from "../messages.js"
 * @import { Record } from "./record.js"
 * @import { Words } from "./words.js"
 * @typedef {ReturnType<Table["make"]>} Row
 */

import { element, show } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { standing } from "./status.js";
import { digits } from "./words.js";

// which of the words stand above them
const COLUMNS = ["column", "score", "iteration_head", "status"],
    HELD_OUT = ["held_out", "rank"];
const CELLS = /** @type {const} */ (["score", "iteration", "status", "held-out", "rank"]);

export class Table {
    /** @type {Map<string, Row>} */
    rows = new Map();

    /**
     * @param {Words} words
     * @param {(run: string) => void} named called when the name of it was clicked
     */
    constructor(words, named) {
        this.words = words;
        this.named = named;
        this.heads = [...COLUMNS, ...HELD_OUT].map((name) => element("th", { scope: "col" }, words[name]));
        this.body = element("tbody");
        this.node = element(
            "table",
            { className: "av-table", "data-testid": "numbers" },
            element("thead", {}, element("tr", {}, ...this.heads)),
            this.body,
        );
    }

    /**
     * What is known only of finished pictures has its columns when all have finished; until it is known it says so.
     * @param {Record[]} records
     * @param {(record: Record, image: number) => string} colour
     */
    keep(records, colour) {
        const rows = records.map((record) => ({ record, row: this.rows.get(record.key) ?? this.make(record.key) }));
        this.rows = new Map(rows.map(({ record, row }) => [record.key, row]));
        this.place(rows.map(({ row }) => row.node));
        const over = records.every((record) => record.ended) && records.some((record) => record.last);
        this.heads.slice(COLUMNS.length).forEach((head) => {
            head.hidden = !over;
        });
        for (const { record, row } of rows) {
            const { score, rank } = heldOutOf(this.words, record);
            show(row.name, record.title);
            row.swatch.style.background = colour(record, 0);
            show(row.cells["held-out"], score);
            show(row.cells.rank, rank);
            row.cells["held-out"].hidden = row.cells.rank.hidden = !over;
        }
    }

    /** @param {HTMLElement[]} nodes a row that is put in anew loses the keyboard's focus */
    place(nodes) {
        const there = [...this.body.children];
        if (there.length !== nodes.length || nodes.some((node, index) => node !== there[index]))
            this.body.replaceChildren(...nodes);
    }

    /** @param {string} run */
    make(run) {
        const name = element("span"),
            swatch = element("span", { className: "av-swatch" }),
            title = this.words.highlight;
        const properties = { type: "button", className: "av-name", title, "aria-pressed": "false" };
        const button = element("button", properties, swatch, name);
        button.addEventListener("click", () => this.named(run));
        const made = CELLS.map((cell) => [cell, element("td", { "data-testid": `row-${cell}` })]);
        const cells = /** @type {{ [cell in typeof CELLS[number]]: HTMLElement }} */ (Object.fromEntries(made));
        const node = element("tr", {}, element("th", { scope: "row" }, button), ...Object.values(cells));
        return { node, button, name, swatch, cells };
    }

    /**
     * @param {Record} record
     * @param {number | null} scrubbed
     * @param {Connection} connection
     */
    update(record, scrubbed, connection) {
        const row = this.rows.get(record.key);
        if (!row) return;
        const { score, iteration, status } = numbersOf(this.words, record, scrubbed, connection);
        show(row.cells.score, score);
        show(row.cells.iteration, iteration);
        show(row.cells.status, status);
    }

    /** @param {string | null} run */
    mark(run) {
        for (const [key, { node, button }] of this.rows) {
            node.classList.toggle("av-marked", key === run);
            button.setAttribute("aria-pressed", String(key === run));
        }
    }
}

/**
 * @param {Words} words
 * @param {Pick<Record, "header" | "last" | "score">} record
 * @param {number | null} scrubbed
 * @param {Connection} connection
 */
export function numbersOf(words, record, scrubbed, connection) {
    const { header, last } = record,
        at = Math.min(scrubbed ?? last, last),
        word = standing(words, words[header.status], header.status, connection);
    const score = record.score(0, at),
        shown = scrubbed === null ? header.iteration : at;
    return {
        score: score === null ? "" : digits(words, score),
        iteration: header.iterations ? filled(words.of, { n: shown, of: header.iterations }) : "",
        status: header.error ? `${word}: ${header.error}` : word,
    };
}

/**
 * @param {Words} words
 * @param {{ heldOut: HeldOut | null, last: number }} record
 */
export function heldOutOf(words, { heldOut, last }) {
    if (!heldOut) return { score: last ? words.computing : "", rank: "" };
    return {
        score: digits(words, heldOut.score),
        rank: heldOut.rank ? filled(words.of, { n: heldOut.rank, of: heldOut.of ?? "" }) : "",
    };
}
