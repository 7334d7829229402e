// What the gallery says, in the language that the page gives: a table of sentences (dashboard/words/gallery.toml).

/**
 * @import { GalleryState } from "../messages.js"
 * @import { Rank, Tile } from "./tiles.js"
 * @typedef {{ to: number, value: number }} Similarity
 * @typedef {Record<string, string>} Words
 */

import { filled } from "../parts/filled.js";
import { written } from "../parts/numbers.js";

/**
 * With three digits that count.
 * @param {Words} words
 * @param {number} score
 */
export function spoken({ decimal }, score) {
    return written(Math.abs(score) >= 100 || score === 0 ? score.toFixed(0) : score.toPrecision(3), decimal);
}

/**
 * @param {Words} words
 * @param {number} value
 */
export const cosine = ({ decimal }, value) => written(value.toFixed(2), decimal);

/**
 * How far it is.
 * @param {Words} words
 * @param {Pick<GalleryState, "error" | "coarse" | "fine" | "count">} state
 */
export function countsOf(words, { error, coarse, fine, count }) {
    if (error) return error;
    return filled(coarse < count ? words.previews : words.finished, { n: coarse < count ? coarse : fine, of: count });
}

/**
 * What a tile says after its number: words for those who do not see it, and a number.
 * @param {Words} words
 * @param {Tile | undefined} tile
 * @param {Map<number, number> | null} cosines
 * @param {number} channel
 * @returns {[words: string, number: string]}
 */
export function tileWords(words, tile, cosines, channel) {
    if (!tile) return [words.tile_not_made, ""];
    if (tile.flag) return ["", ""];
    if (!cosines) return [words.tile_score, spoken(words, tile.score)];
    const similarity = cosines.get(channel);
    return similarity === undefined ? ["", ""] : [words.tile_similarity, cosine(words, similarity)];
}

/**
 * Why there is no picture of a channel.
 * @param {Words} words
 * @param {Tile | undefined} tile
 */
export function lackWords(words, tile) {
    if (!tile?.flag) return words.not_made;
    return tile.flag === "silent" ? words.dead : filled(words.unmade, { why: tile.reason });
}

/**
 * What is known of a channel, by name.
 * @param {Words} words
 * @param {Tile | undefined} tile
 * @param {Rank | null} rank
 * @param {Similarity | null} similarity
 */
export function factsOf(words, tile, rank, similarity) {
    /** @type {{ [name: string]: string }} */
    const facts = {};
    if (tile && rank) {
        facts[words.score] = spoken(words, tile.score);
        facts[words.rank] = filled(rank.all ? words.rank_of : words.rank_so_far, { n: rank.place, of: rank.of });
        if (rank.all) facts[words.above] = filled(words.above_of, { percent: rank.above });
        facts[words.stage] = words[tile.stage];
    }
    if (similarity) facts[filled(words.similarity, { n: similarity.to })] = cosine(words, similarity.value);
    return facts;
}
