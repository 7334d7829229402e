// Markdown within a line, as nodes: **bold**, *italic*, `code`, and links to a word of the glossary, which open in a
// tab of their own, so that the runs go on; of other links the words only.

import { element } from "../parts/element.js";

const MARKED = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`|\[(.+?)\]\((\S+?)(?: "(.*?)")?\)/g;
const GLOSSARY = /^glossary\?[\w=&-]+$/;

/** @typedef {[tag: "" | "strong" | "em" | "code" | "a", words: string, address?: string, told?: string]} Piece */

/**
 * The pieces of a text, each with the tag that it stands in; "" is plain.
 * @param {string} text
 * @returns {Piece[]}
 */
export function pieces(text) {
    /** @type {Piece[]} */
    const found = [];
    let at = 0;
    for (const match of text.matchAll(MARKED)) {
        const [whole, strong, em, code, link, address, told] = match;
        if (match.index > at) found.push(["", text.slice(at, match.index)]);
        if (strong) found.push(["strong", strong]);
        else if (em) found.push(["em", em]);
        else if (code) found.push(["code", code]);
        else found.push(GLOSSARY.test(address) ? ["a", link, address, told ?? ""] : ["", link]);
        at = match.index + whole.length;
    }
    if (at < text.length) found.push(["", text.slice(at)]);
    return found;
}

/** @param {string} text */
export function inline(text) {
    return pieces(text).map(([tag, words, href, title]) => {
        if (!tag) return words;
        return element(tag, tag === "a" ? { href, title, target: "_blank", rel: "noopener" } : {}, words);
    });
}
