// What the keys of the page do with the sheet.

/** @import { Table } from "../parts/keys.js" */

/**
 * @typedef {object} Act
 * @property {(by: -1 | 1) => void} layer
 * @property {(by: -1 | 1) => void} channel
 * @property {() => void} sort
 * @property {() => void} scale
 * @property {() => void} freeze
 * @property {() => boolean} freezes whether there is a camera to be frozen
 * @property {() => void} close
 * @property {() => boolean} closes whether a channel is open
 */

/**
 * @param {Act} act
 * @returns {Table}
 */
export function shortcuts(act) {
    const back = () => act.layer(-1),
        on = () => act.layer(1);
    return [
        {
            does: "previous and next layer",
            on: { ArrowLeft: back, ArrowRight: on, "[": back, "]": on, P: back, N: on },
        },
        {
            does: "previous and next channel, in the order of the sheet",
            on: { p: () => act.channel(-1), n: () => act.channel(1) },
        },
        { does: "on the sheet: from channel to channel; Enter opens one", keys: "Arrow keys" },
        { does: "closes the channel", on: { Escape: act.close }, able: act.closes },
        { does: "next order: strength, change, number", on: { s: act.sort } },
        { does: "a scale for each channel, or one for all", on: { c: act.scale } },
        { does: "freezes the camera, or goes on", on: { " ": act.freeze }, able: act.freezes },
    ];
}
