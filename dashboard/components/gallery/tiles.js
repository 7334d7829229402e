// What is known of the channels: the picture, score and place of each that has been made.

/** @import { Flag, Stage, TileNews } from "../messages.js" */

/**
 * @typedef {object} Tile
 * @property {number} channel
 * @property {Stage} stage
 * @property {number} score
 * @property {Flag} flag "": there is a picture
 * @property {string} reason why it failed
 * @property {string} source where the picture lies, or ""
 */

/**
 * @typedef {object} Rank
 * @property {number} place 1: the highest score among the pictures that are as far: previews score less
 * @property {number} of how many
 * @property {boolean} all whether those are all channels
 * @property {number} above how many of 100 score less
 */

/** @typedef {"index" | "score" | "likeness"} By */

export class Tiles {
    /** @type {Map<number, Tile>} */
    tiles = new Map();

    /**
     * @param {number} count of the channels
     * @param {string} door where the pictures lie
     */
    constructor(count, door) {
        this.count = count;
        this.door = door;
    }

    /** @param {TileNews} news */
    put([channel, stage, score, flag, reason]) {
        const source = flag ? "" : `${this.door}/${stage}/${channel}.png`,
            tile = { channel, stage, score, flag, reason, source };
        this.tiles.set(channel, tile);
        return tile;
    }

    /** @param {number} channel */
    get(channel) {
        return this.tiles.get(channel);
    }

    /**
     * @param {number} channel
     * @returns {Rank | null}
     */
    rank(channel) {
        const mine = this.get(channel);
        if (!mine || mine.flag) return null;
        const alike = [...this.tiles.values()].filter((tile) => tile.stage === mine.stage),
            scores = alike.filter((tile) => !tile.flag).map((tile) => tile.score),
            lower = scores.filter((score) => score < mine.score).length;
        return {
            place: 1 + scores.filter((score) => score > mine.score).length,
            of: scores.length,
            all: alike.length === this.count,
            above: Math.floor((100 * lower) / scores.length),
        };
    }

    /**
     * The channels in an order; what has no value comes last, by its number.
     * @param {By} by
     * @param {Map<number, number>} likeness channel -> cosine
     */
    order(by, likeness) {
        const channels = [...Array(this.count).keys()];
        if (by === "index") return channels;
        const values = channels.map((channel) => (by === "score" ? this.scored(channel) : likeness.get(channel)));
        const value = (/** @type {number} */ channel) => values[channel] ?? -Infinity;
        return channels.sort((a, b) => (value(a) === value(b) ? a - b : value(b) - value(a)));
    }

    /** @param {number} channel */
    scored(channel) {
        const tile = this.get(channel);
        return tile && !tile.flag ? tile.score : undefined;
    }
}
