/**
 * @import { Theme } from "../parts/theme.js"
 * @typedef {{ colour: string, dash: string }} Line
 */

const DASHES = ["solid", "dot", "dash", "dashdot", "longdash", "longdashdot"];

/**
 * How the curve of one of a record's pictures is drawn. On a board all pictures of a column have its colour; elsewhere
 * each has its own, and one alone the accent.
 * @param {Theme} theme
 * @param {{ colour: number | null, images: number }} record
 * @param {number} image
 * @returns {Line}
 */
export function lineOf({ primary, series }, { colour, images }, image) {
    const place = colour ?? image,
        round = Math.floor(place / series.length) + (colour === null ? 0 : image);
    return {
        colour: colour === null && images < 2 ? primary : series[place % series.length],
        dash: DASHES[round % DASHES.length],
    };
}
