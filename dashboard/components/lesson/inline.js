// Markdown within a line, as nodes: **bold**, *italic*, `code`. A link keeps its words only.

import { element } from "../parts/element.js";

const MARKED = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`|\[(.+?)\]\(.*?\)/g;

/**
 * The pieces of a text, each with the tag that it stands in; "" is plain.
 * @param {string} text
 * @returns {[tag: "" | "strong" | "em" | "code", words: string][]}
 */
export function pieces(text) {
    /** @type {[tag: "" | "strong" | "em" | "code", words: string][]} */
    const found = [];
    let at = 0;
    for (const match of text.matchAll(MARKED)) {
        const [whole, strong, em, code, link] = match;
        if (match.index > at) found.push(["", text.slice(at, match.index)]);
        if (strong) found.push(["strong", strong]);
        else if (em) found.push(["em", em]);
        else found.push(code ? ["code", code] : ["", link]);
        at = match.index + whole.length;
    }
    if (at < text.length) found.push(["", text.slice(at)]);
    return found;
}

/** @param {string} text */
export function inline(text) {
    return pieces(text).map(([tag, words]) => (tag ? element(tag, {}, words) : words));
}
