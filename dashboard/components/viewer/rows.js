// What the curves are of: rows of axes, one above the other, over one axis of iterations.

/**
 * @import { Value } from "../messages.js"
 * @import { Theme } from "../parts/theme.js"
 * @import { Record } from "./record.js"
 * @import { Words } from "./words.js"
 */

/**
 * @typedef {object} Curve
 * @property {Record} record
 * @property {string} column of the record
 * @property {number} [image] none where it is of all pictures together
 * @property {string} colour
 * @property {string} [dash]
 */

/**
 * @typedef {object} Row
 * @property {string} heading
 * @property {number} weight its height, compared with the others'
 * @property {boolean} [log] whether its axis is logarithmic
 * @property {number | string} [decades] how often a logarithmic axis is labelled, in Plotly's words
 * @property {[number, number]} [range] undefined: Plotly's own
 * @property {Curve[]} curves
 */

import { filled } from "../parts/filled.js";
import { lineOf } from "./line.js";

const LOWEST = 1e-12; // a gradient of exactly zero has no place on a logarithmic axis

/**
 * @param {Words} words
 * @param {Record[]} records
 * @param {string} scoreLabel
 * @param {Theme} theme
 * @returns {Row[]}
 */
export function rowsOf(words, records, scoreLabel, theme) {
    const gradients = ofPictures(records, "gradient", theme);
    /** @type {Row[]} */
    const rows = [
        { heading: scoreLabel, weight: 2, curves: ofPictures(records, "score", theme) },
        ...penaltiesOf(records).map((column) => penaltyRow(words, records, column, theme)),
        { heading: words.gradient, weight: 1, log: true, decades: decades(gradients), curves: gradients },
    ];
    return rows.map((row) => ({ ...row, range: rangeOf(row) }));
}

/**
 * A curve for each picture.
 * @param {Record[]} records
 * @param {string} name
 * @param {Theme} theme
 * @returns {Curve[]}
 */
function ofPictures(records, name, theme) {
    return records.flatMap((record) =>
        Array.from({ length: record.images }, (_, image) => ({
            record,
            image,
            column: `${name} ${image}`,
            ...lineOf(theme, record, image),
        })),
    );
}

/** @param {Record[]} records */
function penaltiesOf(records) {
    const columns = records.flatMap((record) => [...record.columns.keys()]);
    return [...new Set(columns.filter((column) => column.startsWith("penalty ")))];
}

/**
 * Of all pictures together, so with the accent's colour where these have colours of their own.
 * @param {Words} words
 * @param {Record[]} records
 * @param {string} column
 * @param {Theme} theme
 * @returns {Row}
 */
function penaltyRow(words, records, column, theme) {
    const curves = records
        .filter((record) => record.columns.has(column))
        .map((record) => ({
            record,
            column,
            ...(record.colour === null ? { colour: theme.primary } : lineOf(theme, record, 0)),
        }));
    const name = column.slice("penalty ".length);
    return { heading: filled(words.penalty, { name: words[name] ?? name }), weight: 1, curves };
}

/**
 * Where all points of a row have one value, as a single one has: around it, for Plotly's own axis knows nothing of its
 * size.
 * @param {Pick<Row, "curves" | "log">} row
 * @returns {[number, number] | undefined}
 */
function rangeOf({ curves, log }) {
    const all = curves.flatMap((curve) => values(curve)),
        value = all[0] ?? null;
    if (value === null || all.some((other) => other !== value)) return undefined;
    if (log) return [Math.log10(value / 2), Math.log10(value * 2)];
    const around = Math.abs(value) / 2 || 1;
    return [value - around, value + around];
}

/**
 * How often a logarithmic axis is labelled: at some powers of ten, or at 1, 2 and 5, or in equal steps, where that
 * would be too few.
 * @param {Curve[]} curves
 * @returns {number | string}
 */
function decades(curves) {
    let low = Infinity,
        high = 0;
    for (const value of curves.flatMap((curve) => values(curve))) {
        if (value === null) continue;
        if (value < low) low = value;
        if (value > high) high = value;
    }
    const span = Math.log10(high / low);
    if (span > 0.7) return span > 2 ? Math.ceil(span / 5) : "D2";
    const apart = (high - low) / 3,
        unit = 10 ** Math.floor(Math.log10(apart)); // within a decade steps of 1, 2 or 5 units, as on a linear axis
    return apart > 0 ? `L${unit * ([1, 2, 5].find((step) => step * unit >= apart) ?? 10)}` : "D2";
}

/**
 * A line through one point is none.
 * @param {Record} record
 */
export const lone = (record) => record.iterations.length === 1;

/**
 * @param {Pick<Curve, "record" | "column">} curve
 * @param {number} [from] the place of the first
 * @returns {Value[]}
 */
export function values({ record, column }, from = 0) {
    const part = (record.columns.get(column) ?? []).slice(from);
    return column.startsWith("gradient")
        ? part.map((value) => (value !== null && value > LOWEST ? value : null))
        : part;
}

/**
 * At most `limit` points: of each stretch its lowest and its highest, so that no spike is lost; the ends stay.
 * @param {number[]} x
 * @param {Value[]} y
 * @param {number} limit
 * @returns {[x: number[], y: Value[]]}
 */
export function thin(x, y, limit) {
    if (x.length <= limit) return [x, y];
    const kept = [0],
        stretch = (x.length - 2) / (limit / 2 - 1);
    for (let start = 1; start < x.length - 1; start += stretch) {
        const [low, high] = extremes(y, Math.floor(start), Math.min(Math.floor(start + stretch), x.length - 1));
        kept.push(Math.min(low, high));
        if (low !== high) kept.push(Math.max(low, high));
    }
    kept.push(x.length - 1);
    return [kept.map((i) => x[i]), kept.map((i) => y[i])];
}

/**
 * The places of the lowest and of the highest value.
 * @param {Value[]} y
 * @param {number} from
 * @param {number} to
 */
function extremes(y, from, to) {
    let low = from,
        high = from;
    for (let i = from; i < to; i++) {
        const value = y[i],
            lowest = y[low],
            highest = y[high];
        if (value === null) continue;
        if (lowest === null || value < lowest) low = i;
        if (highest === null || value > highest) high = i;
    }
    return [low, high];
}
