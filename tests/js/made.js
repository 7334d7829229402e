// Records and messages as tests need them.

import { readFileSync } from "node:fs";

import { Record } from "../../dashboard/components/viewer/record.js";

/**
 * What a component says in a language, out of its table: lines `name = "sentence"` below `[language]`.
 * @param {string} lang
 * @param {string} name of the table
 */
export function words(lang, name = "viewer") {
    const table = readFileSync(new URL(`../../dashboard/words/${name}.toml`, import.meta.url), "utf8"),
        [lines] = table.split(`[${lang}]\n`)[1].split("\n\n");
    return Object.fromEntries([...lines.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, name, sentence]) => [name, sentence]));
}

export const WORDS = words("en");

export const THEME = {
    text: "#111111",
    background: "#ffffff",
    primary: "#cc6600",
    border: "#888888",
    font: "serif",
    dark: false,
    series: ["#000001", "#000002", "#000003"],
};

export function run(changes = {}) {
    return { key: "a", title: "", captions: [""], about: "channel 7", colour: null, preview: null, ...changes };
}

export function standing(changes = {}) {
    const still = { status: "running", error: "", iteration: 0, iterations: 100, diagnosis: null, recorded: null };
    return { ...still, rate: 0, ...changes };
}

export function header(points, changes = {}) {
    return {
        ...standing({ iteration: points.at(-1)?.[0] ?? 0 }),
        run: "a",
        seq: 1,
        sizes: [],
        points,
        marks: [],
        ...changes,
    };
}

// A point of one picture.
export const point = (iteration, score, gradient = 1, penalties = {}) => [iteration, [score], penalties, [gradient]];

export function record(points = [], changes = {}, more = {}) {
    const made = new Record(run(changes), WORDS);
    made.merge(header(points, more));
    return made;
}
