// Saves what takes a while: asks for the file, says how it stands meanwhile, and hands it to the browser.
// Asking is an open connection: with it the wish ends too.

import { element, show } from "./element.js";
import { filled } from "./filled.js";

export const SAVED = "actviz-saved"; // the event of a window in which something of a menu was saved

const LOOK_EVERY = 400; // ms
const GLANCE = 5000,
    READ = 20_000; // ms that a word, and a sentence, stay at the end

const ENGLISH = {
    making: "Making {what}…",
    queue: "Making {what}… {place} in the queue",
    ordinals: "th st nd rd",
    not_saved: "Could not save {what}.",
    no_link: "Could not make the link.",
    copied: "Link copied",
    not_copied: "The browser does not let the page copy. Save the recipe instead.",
};

export class Saving {
    /** @type {Set<string>} addresses of what is under way */
    asked = new Set();
    leaving = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} until what is said goes */
    going = undefined;

    /** @param {Record<string, string>} words of the page's language */
    constructor(words = ENGLISH) {
        this.words = words;
        this.node = element("span", { className: "av-saving", role: "status", "data-testid": "saving" });
    }

    /**
     * A click on a link brings what lies there.
     * @param {HTMLAnchorElement} link
     * @param {string} what its name within a sentence
     * @param {() => string} query what is asked for by then
     */
    attach(link, what, query = () => "") {
        link.addEventListener("click", (event) => {
            event.preventDefault();
            this.follow(`${link.getAttribute("href")}${query()}`, what);
        });
    }

    /**
     * @param {string} href
     * @param {string} what
     */
    async follow(href, what) {
        if (this.asked.has(href)) return;
        this.asked.add(href);
        this.say(filled(this.words.making, { what }));
        const look = setInterval(() => this.look(href, what), LOOK_EVERY);
        try {
            const answer = await fetch(href, { signal: this.leaving.signal });
            if (answer.status === 409) return this.say((await answer.json()).problem, READ);
            if (!answer.ok) throw new Error(`status ${answer.status}`);
            download(await answer.blob(), nameIn(answer));
            this.say("");
        } catch (problem) {
            console.warn("saving:", problem);
            this.say(filled(this.words.not_saved, { what }), READ);
        } finally {
            clearInterval(look);
            this.asked.delete(href);
        }
    }

    /**
     * @param {string} href
     * @param {string} what
     */
    async look(href, what) {
        const address = new URL(href, location.origin);
        const answer = await fetch(`${address.pathname}/place`, { signal: this.leaving.signal }).catch(() => null);
        // What waits in no queue has no place: the address is then the page's own.
        if (!answer?.ok || !answer.headers.get("Content-Type")?.includes("json")) return;
        const { place } = await answer.json();
        if (!this.asked.has(href)) return;
        const { queue, making, ordinals } = this.words;
        this.say(filled(place > 1 ? queue : making, { what, place: ordinal(place, ordinals) }));
    }

    /**
     * Puts the address of what is shown, with all that was changed, into the clipboard; the server says where there is
     * none.
     * @param {string} href
     */
    async copy(href) {
        const answer = await fetch(href, { signal: this.leaving.signal }).catch(() => null);
        if (!answer?.ok) return this.say(this.words.no_link, READ);
        const { query, problem } = await answer.json();
        if (problem) return this.say(problem, READ);
        if (await copied(`${location.origin}${location.pathname}?${query}`)) this.say(this.words.copied, GLANCE);
        else this.say(this.words.not_copied, READ);
    }

    /**
     * @param {string} sentence
     * @param {number} [until] ms that it stays; without, until something else is said
     */
    say(sentence, until) {
        show(this.node, sentence);
        clearTimeout(this.going);
        if (until) this.going = setTimeout(() => this.say(""), until);
    }

    close() {
        clearTimeout(this.going);
        this.leaving.abort();
    }
}

/**
 * @param {number} number
 * @param {string} endings the usual one first, then those of 1, 2 and so on where they have their own
 */
export function ordinal(number, endings = ENGLISH.ordinals) {
    const [usual, ...own] = endings.split(" "),
        teens = number % 100 > 10 && number % 100 < 14;
    return `${number}${(!teens && own[(number % 10) - 1]) || usual}`;
}

/** @param {Response} answer */
function nameIn(answer) {
    return /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "";
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
    const link = element("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * Whether it could be. By hand where the page came over plain HTTP: browsers give those no clipboard.
 * @param {string} text
 */
async function copied(text) {
    if (navigator.clipboard) {
        return navigator.clipboard.writeText(text).then(
            () => true,
            () => false,
        );
    }
    const before = document.activeElement,
        field = element("textarea", { value: text, readOnly: true });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (before instanceof HTMLElement) before.focus();
    return done;
}
