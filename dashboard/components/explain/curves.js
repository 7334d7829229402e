// Deletion and insertion curves: how the score goes while the places are deleted, or brought in, that a map marks most;
// grey beside them the same for a random order and for that of an edge map.

/** @import { EvidenceNews } from "../messages.js" */

import { element } from "../parts/element.js";
import { number } from "../parts/numbers.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [220, 90];
/** @type {[name: string, words: string][]} */
const ORDERS = [
    ["", "this map"],
    ["_random", "random order"],
    ["_edges", "edge map"],
];

/** @typedef {[fraction: number, score: number][]} Curve */

/**
 * A chart for deletion and one for insertion, where there are curves.
 * @param {EvidenceNews} news
 */
export function charts({ curves, areas }) {
    return ["deletion", "insertion"].flatMap((kind) => {
        const drawn = ORDERS.filter(([order]) => curves?.[kind + order]?.length);
        return drawn.length ? [chart(kind, drawn, curves ?? {}, areas ?? {})] : [];
    });
}

/**
 * @param {string} kind
 * @param {[name: string, words: string][]} orders
 * @param {{ [name: string]: Curve }} curves
 * @param {{ [name: string]: number }} areas
 */
function chart(kind, orders, curves, areas) {
    const points = orders.flatMap(([order]) => curves[kind + order]),
        [low, high] = ends(points.map(([, score]) => score));
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", areaWords(kind, orders, areas));
    for (const [order] of orders.toReversed()) svg.append(line(order, curves[kind + order], low, high));
    const caption = element("figcaption", { className: "ax-note" }, areaWords(kind, orders, areas));
    return element("figure", { className: "ax-chart", "data-testid": kind }, svg, caption);
}

/**
 * @param {string} order
 * @param {Curve} curve
 * @param {number} low
 * @param {number} high
 */
function line(order, curve, low, high) {
    const node = document.createElementNS(SVG, "polyline");
    node.setAttribute("points", place(curve, low, high));
    node.setAttribute("class", `ax-curve${order.replace("_", " ax-")}`);
    return node;
}

/**
 * Where a curve's points lie in the chart.
 * @param {Curve} curve
 * @param {number} low
 * @param {number} high
 */
export function place(curve, low, high) {
    const inner = HEIGHT - 4;
    return curve
        .map(([fraction, score]) => [fraction * WIDTH, 2 + inner * (1 - (score - low) / (high - low))])
        .map((at) => at.map((side) => Math.round(10 * side) / 10).join())
        .join(" ");
}

/**
 * The lowest and the highest, never the same; zero is one of them where it is near.
 * @param {number[]} scores
 */
export function ends(scores) {
    const [low, high] = [Math.min(0, ...scores), Math.max(...scores)];
    return high > low ? [low, high] : [low, low + 1];
}

/**
 * @param {string} kind
 * @param {[name: string, words: string][]} orders
 * @param {{ [name: string]: number }} areas
 */
export function areaWords(kind, orders, areas) {
    const known = orders.filter(([order]) => kind + order in areas);
    const parts = known.map(([order, words]) => `${words} ${number(areas[kind + order])}`);
    return parts.length ? `${kind}, area under the curve: ${parts.join(", ")}` : kind;
}
