// What the strip says of a layer: which are marked, how high and which colour its bar is, its name and size in short.

/** @import { ChartLayer } from "../messages.js" */

const LONGEST = 10; // characters of a name in a tile
const FINEST = 8; // doublings: 256 positions a side

/**
 * Whether a layer is this block or lies inside of it.
 * @param {string} block
 * @param {string} name
 */
export function contains(block, name) {
    return name.split("@")[0] === block || name.startsWith(`${block}.`);
}

/**
 * The indices of the layers that are, or hold, one that the target reads.
 * @param {ChartLayer[]} layers
 * @param {string[]} reads
 */
export function marked(layers, reads) {
    return indices(layers, (name) => reads.some((read) => name === read || contains(name, read)));
}

/**
 * Of those that lie inside of one, where the target reads a whole stage of the network.
 * @param {ChartLayer[]} layers
 * @param {string[]} reads
 */
export function within(layers, reads) {
    return indices(layers, (name) => reads.some((read) => contains(read, name)));
}

/**
 * @param {ChartLayer[]} layers
 * @param {(name: string) => boolean} fits
 */
function indices(layers, fits) {
    return layers.flatMap(({ name }, index) => (fits(name) ? [index] : []));
}

/**
 * How high a bar is, from 0 to 1, on a scale of doublings. Half of the fewest channels is its foot: each is seen.
 * @param {number} channels
 * @param {number[]} all those of all layers that are shown
 */
export function height(channels, all) {
    const foot = Math.log(Math.min(...all) / 2),
        top = Math.log(Math.max(...all));
    return (Math.log(channels) - foot) / (top - foot);
}

/**
 * How fine a layer's grid is, from 0 (one position) to 1 (256 a side): on a scale of doublings.
 * @param {ChartLayer} layer
 */
export function grain({ positions: [rows, columns], tokens }) {
    const side = tokens ? Math.sqrt(rows) : Math.max(1, rows, columns);
    return Math.min(1, Math.log2(side) / FINEST);
}

/**
 * Channels, height and width.
 * @param {ChartLayer} layer
 */
export function short({ channels, positions: [rows, columns], tokens }) {
    if (tokens) return `${channels}×${rows}`;
    return rows * columns > 1 ? `${channels}×${rows}×${columns}` : `${channels}`;
}

/**
 * The end of a long name tells more than its beginning; what all share, the name of the block, is left out.
 * @param {string} name
 * @param {string} block "" where all blocks are shown
 */
export function shortName(name, block) {
    const own = block && name.startsWith(`${block}.`) ? name.slice(block.length + 1) : name;
    return own.length > LONGEST ? `…${own.slice(1 - LONGEST).replace(/^\./, "")}` : own;
}

/** @param {ChartLayer} layer */
export const spoken = ({ name, kind, dimensions }) => `${name}, ${kind}, ${dimensions}`;

/** @param {number} count of layers */
export const counted = (count) => (count === 1 ? "1 layer" : `${count} layers`);
