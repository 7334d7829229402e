// What can be saved.

/**
 * @typedef {object} Save
 * @property {string} file its name in the address
 * @property {string} testid
 * @property {string} text on the menu
 * @property {"download" | "wait" | "copy" | "shown"} way the browser's own download; one that takes a while; the
 *     address that it answers with, copied; what the browser shows, without the server
 * @property {string} [what] within a sentence, while it is waited for
 * @property {boolean} [single] of one iteration
 */

/** @type {readonly Save[]} */
export const SAVES = [
    { file: "picture.png", testid: "save-png", text: "Picture (PNG, with its recipe)", way: "download", single: true },
    { file: "run.gif", testid: "save-gif", text: "Animation (GIF)", way: "wait", what: "the GIF" },
    {
        file: "run.webp",
        testid: "save-webp",
        text: "Animation (WebP, smaller)",
        way: "wait",
        what: "the WebP animation",
    },
    { file: "run.mp4", testid: "save-mp4", text: "Animation (MP4, smallest)", way: "wait", what: "the MP4 video" },
    { file: "curves.csv", testid: "save-csv", text: "Curves (CSV)", way: "download" },
    { file: "recipe.json", testid: "save-recipe", text: "Recipe (JSON)", way: "download", single: true },
    {
        file: "script.py",
        testid: "save-script",
        text: "Python script (torch alone)",
        way: "wait",
        what: "the script",
        single: true,
    },
    { file: "run.link", testid: "copy-link", text: "Copy link (with all changes)", way: "copy", single: true },
];

/** @type {readonly Save[]} */
export const BOARD_SAVES = [
    {
        file: "comparison.png",
        testid: "save-sheet",
        text: "Contact sheet (PNG, with all recipes)",
        way: "wait",
        what: "the contact sheet",
    },
    { file: "comparison.gif", testid: "save-gif", text: "Animation in step (GIF)", way: "wait", what: "the GIF" },
    {
        file: "comparison.webp",
        testid: "save-webp",
        text: "Animation in step (WebP, smaller)",
        way: "wait",
        what: "the WebP animation",
    },
    {
        file: "comparison.mp4",
        testid: "save-mp4",
        text: "Animation in step (MP4, smallest)",
        way: "wait",
        what: "the MP4 video",
    },
    { file: "comparison.csv", testid: "save-csv", text: "Curves (CSV)", way: "download" },
    { file: "comparison.link", testid: "copy-link", text: "Copy link (with all changes)", way: "copy" },
];

/** @type {readonly Save[]} what is left while the server is out of reach */
export const HERE = [
    { file: "shown.png", testid: "save-shown", text: "Picture as shown (PNG, without its recipe)", way: "shown" },
];

/** @type {readonly Save[]} */
export const NOTHING = [];
