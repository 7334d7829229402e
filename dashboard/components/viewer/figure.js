// The figure of the curves as plain data for Plotly: its layout, and what is drawn over the curves.

/**
 * @import { Mark } from "../messages.js"
 * @import { Theme } from "../parts/theme.js"
 * @import { Row } from "./rows.js"
 * @import { Words } from "./words.js"
 */

import { filled } from "../parts/filled.js";
import { chartColours } from "../parts/theme.js";
import { lone } from "./rows.js";

const HEADING = 26,
    BOTTOM = 44,
    SMALLEST = 92; // px
const MARGIN = { l: 52, r: 14, t: 4, b: BOTTOM };
const NAMED = 24,
    NAME = 19; // curves in the legend; px of one
const OVER = { overlaying: "y", domain: [0, 1], range: [0, 1], visible: false, fixedrange: true };
const LINES = 6; // of a label; what more there is, is counted

/**
 * @typedef {object} Drawing
 * @property {Words} words
 * @property {Row[]} rows
 * @property {Mark[]} marks
 * @property {number | null} cursor the iteration that the scrubber stands at
 * @property {Theme} theme
 * @property {number} width px
 * @property {number} height px, as much as there is
 * @property {string} revision what the visitor zoomed into stays while this does
 */

/**
 * Of several runs every curve is named below, up to as many as can be told apart; of one, its pictures are named under
 * them.
 * @param {Row[]} rows
 * @returns {number} px
 */
function legendOf([{ curves }]) {
    const several = new Set(curves.map(({ record }) => record)).size > 1;
    return several && curves.length <= NAMED ? curves.length * NAME : 0;
}

/** @param {Drawing} drawing */
export function layoutOf({ words, rows, marks, cursor, theme, width, height: available, revision }) {
    const legend = legendOf(rows),
        height = Math.max(available, BOTTOM + legend + rows.length * (SMALLEST + HEADING)),
        inner = height - MARGIN.t - MARGIN.b - legend;
    return {
        width,
        height,
        margin: { ...MARGIN, b: BOTTOM + legend },
        uirevision: revision,
        showlegend: legend > 0,
        legend: legendStyle(legend, inner),
        hovermode: "closest",
        dragmode: "zoom",
        ...chartColours(theme),
        font: { color: theme.text, family: theme.font, size: 13 },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: theme.text, activecolor: theme.primary },
        xaxis: iterationAxis(words, rows, theme),
        yaxis99: OVER,
        ...rowAxes(rows, inner, theme),
        shapes: shapesOf(marks, cursor, theme),
    };
}

/**
 * @param {number} legend px
 * @param {number} inner px
 */
const legendStyle = (legend, inner) => ({
    x: 0,
    xanchor: "left",
    y: -BOTTOM / inner,
    yanchor: "top",
    font: { size: 12.5 },
    bgcolor: "rgba(0,0,0,0)",
    itemclick: "toggle",
    maxheight: legend + NAME,
});

/** @param {Theme} theme */
const axisStyle = ({ border }) => ({
    gridcolor: border,
    linecolor: border,
    zeroline: false,
    tickfont: { size: 12 },
});

/**
 * @param {Words} words
 * @param {Row[]} rows
 * @param {Theme} theme
 */
const iterationAxis = (words, rows, theme) => ({
    ...axisStyle(theme),
    title: { text: words.iteration, standoff: 6, font: { size: 13.5 } },
    anchor: axisOf(rows.length - 1),
    rangemode: "tozero",
    nticks: 6,
    dtick: rows[0].curves.every(({ record }) => lone(record)) ? 1 : undefined,
});

/**
 * The rows' own axes from the top down, and their headings.
 * @param {Row[]} rows
 * @param {number} inner px
 * @param {Theme} theme
 */
function rowAxes(rows, inner, theme) {
    const unit = (inner - rows.length * HEADING) / rows.reduce((sum, row) => sum + row.weight, 0);
    /** @type {{ [axis: string]: object }} */
    const axes = {};
    /** @type {object[]} */
    const annotations = [];
    let top = inner;
    rows.forEach((row, index) => {
        const bottom = top - HEADING - unit * row.weight;
        axes[axisOf(index).replace("y", "yaxis")] = {
            ...axisStyle(theme),
            domain: [bottom / inner, (top - HEADING) / inner],
            nticks: row.weight > 1 ? 6 : 4,
            range: row.range,
            ...(row.log ? { type: "log", dtick: row.decades, tickformat: "~g" } : { exponentformat: "e" }),
        };
        annotations.push(headingOf(row, (top - HEADING + 3) / inner, theme));
        top = bottom;
    });
    return { ...axes, annotations };
}

/**
 * How a row's axis is called.
 * @param {number} index
 */
export const axisOf = (index) => (index ? `y${index + 1}` : "y");

/**
 * @param {Row} row
 * @param {number} y
 * @param {Theme} theme
 */
const headingOf = ({ heading }, y, theme) => ({
    text: escaped(heading),
    xref: "paper",
    yref: "paper",
    x: 0,
    y,
    xanchor: "left",
    yanchor: "bottom",
    showarrow: false,
    font: { size: 13.5 },
    bgcolor: theme.background,
    borderpad: 0,
});

/**
 * A line at every mark, and where the scrubber stands.
 * @param {Mark[]} marks
 * @param {number | null} cursor
 * @param {Theme} theme
 */
export function shapesOf(marks, cursor, theme) {
    const line = (/** @type {number} */ x, /** @type {object} */ style) => ({
        type: "line",
        xref: "x",
        yref: "paper",
        x0: x,
        x1: x,
        y0: 0,
        y1: 1,
        layer: "above",
        line: style,
    });
    const shapes = marks.map(([iteration]) => line(iteration, { color: theme.text, width: 1, dash: "dot" }));
    return cursor === null ? shapes : [...shapes, line(cursor, { color: theme.primary, width: 2 })];
}

/**
 * A triangle on top of every mark, which says on hover what changed there.
 * @param {Words} words
 * @param {Mark[]} marks
 * @param {Theme} theme
 */
export function markTrace(words, marks, theme) {
    return {
        x: marks.map(([iteration]) => iteration),
        y: marks.map(() => 1),
        text: marks.map(([, sentence]) => inLines(words, sentence)),
        yaxis: "y99",
        mode: "markers",
        cliponaxis: false,
        showlegend: false,
        marker: { symbol: "triangle-down", size: 11, color: theme.text },
        hovertemplate: `${filled(words.iteration_at, { n: "%{x:d}" })}: %{text}<extra></extra>`,
    };
}

/**
 * Each change has a line of its own: Plotly cuts long ones off at both ends.
 * @param {Words} words
 * @param {string} sentence
 */
function inLines(words, sentence) {
    const changes = sentence.split(", "),
        more = changes.length - LINES;
    const shown = more > 1 ? [...changes.slice(0, LINES), filled(words.more_changes, { n: more })] : changes;
    return shown.map(escaped).join("<br>");
}

/**
 * Plotly reads some markup in its texts.
 * @param {string} text
 */
export const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
