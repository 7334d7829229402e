// The figure of the curves as plain data for Plotly: rows of axes one above the other over one axis of iterations.

import { lineOf } from "../parts/theme.js";

const HEADING = 26,
    BOTTOM = 44,
    SMALLEST = 92; // px
const MARGIN = { l: 52, r: 14, t: 4, b: BOTTOM };
const NAMED = 24,
    NAME = 19; // curves in the legend; px of one
const LOWEST = 1e-12; // a gradient of exactly zero has no place on a logarithmic axis

// [{heading, log, decades, range, weight, curves: [{record, column, colour}]}]
export function rowsOf(records, scoreLabel, theme) {
    const images = records.flatMap((record) =>
        Array.from({ length: record.images }, (_, image) => ({ record, image })),
    );
    const perImage = (name) =>
        images.map(({ record, image }) => ({
            record,
            image,
            column: `${name} ${image}`,
            ...lineOf(theme, record, image),
        }));
    const penalties = [
        ...new Set(
            records.flatMap((record) => [...record.columns.keys()].filter((column) => column.startsWith("penalty "))),
        ),
    ];
    const rows = [
        { heading: scoreLabel, weight: 2, curves: perImage("score") },
        ...penalties.map((column) => ({
            heading: `penalty: ${column.slice(8)}`,
            weight: 1,
            curves: records
                .filter((record) => record.columns.has(column))
                .map((record) => ({
                    record,
                    column,
                    ...(record.colour === null ? { colour: theme.primary } : lineOf(theme, record, 0)),
                })),
        })),
        {
            heading: "size of the image's gradient (log scale)",
            weight: 1,
            log: true,
            decades: decades(perImage("gradient")),
            curves: perImage("gradient"),
        },
    ];
    return rows.map((row) => ({ ...row, range: rangeOf(row) }));
}

// Where all points of a row have one value, as a single one has: around it, for Plotly's own axis knows nothing of its size. Else undefined: Plotly's own.
function rangeOf({ curves, log }) {
    const all = curves.map((curve) => values(curve)),
        value = all.flatMap((each) => each.slice(0, 1))[0] ?? null;
    if (value === null || all.some((each) => each.some((other) => other !== value))) return undefined;
    if (log) return [Math.log10(value / 2), Math.log10(value * 2)];
    const around = Math.abs(value) / 2 || 1;
    return [value - around, value + around];
}

// How often a logarithmic axis is labelled: at some powers of ten, or at 1, 2 and 5, or in equal steps, where that would be too few.
function decades(curves) {
    let low = Infinity,
        high = 0;
    for (const curve of curves)
        for (const value of values(curve)) {
            if (value === null) continue;
            if (value < low) low = value;
            if (value > high) high = value;
        }
    const span = Math.log10(high / low);
    if (span > 0.7) return span > 2 ? Math.ceil(span / 5) : "D2";
    const apart = (high - low) / 3,
        unit = 10 ** Math.floor(Math.log10(apart)); // within a decade steps of 1, 2 or 5 units, as on a linear axis
    return apart > 0 ? `L${unit * [1, 2, 5, 10].find((step) => step * unit >= apart)}` : "D2";
}

export const lone = (record) => record.iterations.length === 1; // a line through one point is none

export function values(curve, from = 0) {
    const column = curve.record.columns.get(curve.column) ?? [];
    const part = column.slice(from);
    return curve.column.startsWith("gradient") ? part.map((value) => (value > LOWEST ? value : null)) : part;
}

// At most `limit` points: of each stretch its lowest and its highest, so that no spike is lost; the ends stay.
export function thin(x, y, limit) {
    if (x.length <= limit) return [x, y];
    const kept = [0],
        stretch = (x.length - 2) / (limit / 2 - 1);
    for (let start = 1; start < x.length - 1; start += stretch) {
        const from = Math.floor(start),
            to = Math.min(Math.floor(start + stretch), x.length - 1);
        let low = from,
            high = from;
        for (let i = from; i < to; i++) {
            if (y[i] === null) continue;
            if (y[low] === null || y[i] < y[low]) low = i;
            if (y[high] === null || y[i] > y[high]) high = i;
        }
        kept.push(Math.min(low, high));
        if (low !== high) kept.push(Math.max(low, high));
    }
    kept.push(x.length - 1);
    return [kept.map((i) => x[i]), kept.map((i) => y[i])];
}

// Of several runs every curve is named below, up to as many as can be told apart; of one, its pictures are named under them.
const legendOf = (rows) =>
    new Set(rows[0].curves.map(({ record }) => record)).size > 1 && rows[0].curves.length <= NAMED
        ? rows[0].curves.length * NAME
        : 0;

export const heightOf = (rows, available) =>
    Math.max(available, BOTTOM + legendOf(rows) + rows.length * (SMALLEST + HEADING));

export function layoutOf(rows, marks, cursor, theme, height, revision) {
    const legend = legendOf(rows),
        inner = height - MARGIN.t - MARGIN.b - legend;
    const unit = (inner - rows.length * HEADING) / rows.reduce((sum, row) => sum + row.weight, 0);
    const axis = { gridcolor: theme.border, linecolor: theme.border, zeroline: false, tickfont: { size: 12 } };
    const layout = {
        height,
        margin: { ...MARGIN, b: BOTTOM + legend },
        uirevision: revision,
        showlegend: legend > 0,
        legend: {
            x: 0,
            xanchor: "left",
            y: -BOTTOM / inner,
            yanchor: "top",
            font: { size: 12.5 },
            bgcolor: "rgba(0,0,0,0)",
            itemclick: "toggle",
            maxheight: legend + NAME,
        },
        hovermode: "closest",
        dragmode: "zoom",
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        font: { color: theme.text, family: theme.font, size: 13 },
        hoverlabel: {
            bgcolor: theme.background,
            bordercolor: theme.border,
            font: { color: theme.text, family: theme.font },
        },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: theme.text, activecolor: theme.primary },
        xaxis: {
            ...axis,
            title: { text: "iteration", standoff: 6, font: { size: 13.5 } },
            anchor: rows.length > 1 ? `y${rows.length}` : "y",
            rangemode: "tozero",
            nticks: 6,
            dtick: rows[0].curves.every(({ record }) => lone(record)) ? 1 : undefined,
        },
        yaxis99: { overlaying: "y", domain: [0, 1], range: [0, 1], visible: false, fixedrange: true },
        annotations: [],
        shapes: shapesOf(marks, cursor, theme),
    };
    let top = inner;
    rows.forEach((row, index) => {
        const bottom = top - HEADING - unit * row.weight;
        layout[index ? `yaxis${index + 1}` : "yaxis"] = {
            ...axis,
            domain: [bottom / inner, (top - HEADING) / inner],
            nticks: row.weight > 1 ? 6 : 4,
            range: row.range,
            ...(row.log ? { type: "log", dtick: row.decades, tickformat: "~g" } : { exponentformat: "e" }),
        };
        layout.annotations.push({
            text: row.heading,
            xref: "paper",
            yref: "paper",
            x: 0,
            y: (top - HEADING + 3) / inner,
            xanchor: "left",
            yanchor: "bottom",
            showarrow: false,
            font: { size: 13.5 },
            bgcolor: theme.background,
            borderpad: 0,
        });
        top = bottom;
    });
    return layout;
}

export function shapesOf(marks, cursor, theme) {
    const line = (x, style) => ({
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

const LINES = 6; // of a label; what more there is, is counted

// Each change has a line of its own: Plotly cuts long ones off at both ends.
function inLines(sentence) {
    const changes = sentence.split(", "),
        more = changes.length - LINES;
    const shown = more > 1 ? [...changes.slice(0, LINES), `and ${more} more`] : changes;
    return shown.map(escaped).join("<br>");
}

// A triangle on top of every mark, which says on hover what changed there.
export function markTrace(marks, theme) {
    return {
        x: marks.map(([iteration]) => iteration),
        y: marks.map(() => 1),
        text: marks.map(([, sentence]) => inLines(sentence)),
        yaxis: "y99",
        mode: "markers",
        cliponaxis: false,
        showlegend: false,
        marker: { symbol: "triangle-down", size: 11, color: theme.text },
        hovertemplate: "iteration %{x:d}: %{text}<extra></extra>",
    };
}

// Plotly reads some markup in its texts.
export const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
