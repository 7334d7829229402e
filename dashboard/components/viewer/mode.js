// One viewer shows a run by itself, or a board of runs that belong together: all that differs between the two.

/**
 * @import { Save } from "./saves.js"
 * @import { Record } from "./record.js"
 */

import { BOARD_SAVES, SAVES } from "./saves.js";

/**
 * @typedef {object} Mode
 * @property {readonly Save[]} saves what can be saved
 * @property {(records: Record[], first: Record) => Record[]} saved of which runs
 * @property {boolean} branches whether a new run may start from the picture shown
 * @property {boolean} remedies whether a run that failed is offered what may help
 * @property {boolean} inherits whether a new run takes the place of one that is gone, and its picture until its own
 * @property {boolean} tabulates whether numbers stand in a table
 * @property {boolean} tells whether the page hears of clicks on pictures, and of the end of the last run
 */

/** @type {Readonly<Mode>} */
export const RUN = Object.freeze({
    saves: SAVES,
    saved: (_, first) => [first],
    branches: true,
    remedies: true,
    inherits: true,
    tabulates: false,
    tells: false,
});

/** @type {Readonly<Mode>} */
export const BOARD = Object.freeze({
    saves: BOARD_SAVES,
    saved: (records) => records,
    branches: false,
    remedies: false,
    inherits: false,
    tabulates: true,
    tells: true,
});
