// What can be saved.

/**
 * @typedef {object} Save
 * @property {string} file its name in the address
 * @property {string} testid
 * @property {string} text on the menu: which of the words
 * @property {"download" | "wait" | "copy" | "shown"} way the browser's own download; one that takes a while; the
 *     address that it answers with, copied; what the browser shows, without the server
 * @property {string} [what] within a sentence, while it is waited for: which of the words
 * @property {boolean} [single] of one iteration
 */

/** @type {readonly Save[]} */
export const SAVES = [
    { file: "picture.png", testid: "save-png", text: "save_picture", way: "download", single: true },
    { file: "run.gif", testid: "save-gif", text: "save_gif", way: "wait", what: "what_gif" },
    {
        file: "run.webp",
        testid: "save-webp",
        text: "save_webp",
        way: "wait",
        what: "what_webp",
    },
    { file: "run.mp4", testid: "save-mp4", text: "save_mp4", way: "wait", what: "what_mp4" },
    { file: "curves.csv", testid: "save-csv", text: "save_curves", way: "download" },
    { file: "recipe.json", testid: "save-recipe", text: "save_recipe", way: "download", single: true },
    {
        file: "script.py",
        testid: "save-script",
        text: "save_script",
        way: "wait",
        what: "what_script",
        single: true,
    },
    { file: "run.link", testid: "copy-link", text: "save_link", way: "copy", single: true },
];

/** @type {readonly Save[]} */
export const BOARD_SAVES = [
    {
        file: "comparison.png",
        testid: "save-sheet",
        text: "save_sheet",
        way: "wait",
        what: "what_sheet",
    },
    { file: "comparison.gif", testid: "save-gif", text: "save_gif_in_step", way: "wait", what: "what_gif" },
    {
        file: "comparison.webp",
        testid: "save-webp",
        text: "save_webp_in_step",
        way: "wait",
        what: "what_webp",
    },
    {
        file: "comparison.mp4",
        testid: "save-mp4",
        text: "save_mp4_in_step",
        way: "wait",
        what: "what_mp4",
    },
    { file: "comparison.csv", testid: "save-csv", text: "save_curves", way: "download" },
    { file: "comparison.link", testid: "copy-link", text: "save_link", way: "copy" },
];

/** @type {readonly Save[]} what is left while the server is out of reach */
export const HERE = [{ file: "shown.png", testid: "save-shown", text: "save_shown", way: "shown" }];

/** @type {readonly Save[]} */
export const NOTHING = [];
