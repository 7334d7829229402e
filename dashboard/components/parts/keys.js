// The keys of the page: every component lays its table here, from which one listener acts and one sheet tells.

const KEPT = "actviz-keys"; // in the browser's store: "off" where the visitor wants no single letters
const TYPING = [
    "input:not([type=range], [type=checkbox], [type=radio], [type=button])",
    ...["textarea", "select", "[contenteditable=true]"],
    ...["[role=combobox]", "[role=listbox]", "[role=menu]", "[role=dialog]"],
].join();
const ALONG = "input, select, [role=slider], [role=radiogroup], [role=tablist], video";

/** @type {Record<string, string>} where a key belongs to what has the focus */
const NEEDED = {
    " ": "button, a, summary, input, select, [role=button], [role=radio], [role=checkbox], [role=tab], [role=option]",
    ArrowLeft: ALONG,
    ArrowRight: ALONG,
    Escape: ":popover-open, dialog",
};
/** @type {Record<string, string>} as the sheet writes them, in every language */
const WRITTEN = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };

/**
 * @typedef {object} Shortcut
 * @property {string} does
 * @property {Record<string, (event: KeyboardEvent) => void>} on what each key does, by its name in the browser; a
 *   capital letter is with Shift
 * @property {() => boolean} [able] whether it can do anything now
 */

/**
 * Keys that what has the focus listens to by itself: told of, not heard here.
 * @typedef {{ does: string, keys: string, able?: () => boolean }} Told
 */

/** @typedef {readonly (Shortcut | Told)[]} Table */

/** @typedef {Pick<Storage, "getItem" | "setItem">} Store */

export class Keyboard {
    /** @type {Set<Table>} of the components that are on the page, in their order */
    tables = new Set();
    /** @type {Set<() => void>} told when other keys do something, or the letters are switched on or off */
    watchers = new Set();

    /** @param {Store} [store] */
    constructor(store) {
        this.store = store;
        /** whether keys of a single letter, number or sign are listened to */
        this.letters = store?.getItem(KEPT) !== "off";
    }

    /** Listens, however often it is asked to. */
    listen() {
        window.addEventListener("keydown", this.withhold, true);
        window.addEventListener("keydown", this.press);
        window.addEventListener("storage", this.heed);
    }

    /** @param {Table} table */
    add(table) {
        this.tables.add(table);
        this.#tell();
    }

    /** @param {Table} table */
    remove(table) {
        this.tables.delete(table);
        this.#tell();
    }

    /** @param {boolean} letters */
    turn(letters) {
        this.letters = letters;
        this.store?.setItem(KEPT, letters ? "on" : "off");
        this.#tell();
    }

    #tell() {
        this.watchers.forEach((watcher) => watcher());
    }

    /**
     * What works on the page as it is now: keys as they are written, and what they do.
     * @param {Record<string, string>} words keys_space and keys_shift, as a keyboard of that language has them
     */
    rows(words, tables = this.tables) {
        const works = [...tables].flat().filter((entry) => entry.able?.() ?? true);
        return works.map((entry) => [writtenOf(words, entry), entry.does]);
    }

    // Another tab of the browser has switched them.
    heed = (/** @type {StorageEvent} */ { key, newValue }) => {
        if (key === KEPT && (newValue !== "off") !== this.letters) this.turn(newValue !== "off");
    };

    // Streamlit listens to letters too, and knows nothing of the switch.
    withhold = (/** @type {KeyboardEvent} */ event) => {
        if (!this.letters && isFree(event) && isCharacter(event.key)) event.stopPropagation();
    };

    press = (/** @type {KeyboardEvent} */ event) => {
        const act = this.find(event);
        if (!act) return;
        event.preventDefault();
        act(event);
    };

    /**
     * What a key that was pressed somewhere on the page does here.
     * @param {KeyboardEvent} event
     */
    find(event) {
        const key = nameOf(event);
        if (event.defaultPrevented || !isFree(event) || (isCharacter(key) && !this.letters)) return undefined;
        for (const entry of [...this.tables].flat())
            if ("on" in entry && key in entry.on && (entry.able?.() ?? true)) return entry.on[key];
        return undefined;
    }
}

/**
 * @param {Record<string, string>} words
 * @param {Shortcut | Told} entry
 */
function writtenOf(words, entry) {
    if (!("on" in entry)) return entry.keys;
    return Object.keys(entry.on)
        .map((key) => written(words, key))
        .join(" / ");
}

/**
 * @param {Record<string, string>} words
 * @param {string} key
 */
function written({ keys_space, keys_shift }, key) {
    if (key === " ") return keys_space;
    if (!/^\p{L}$/u.test(key)) return WRITTEN[key] ?? key;
    return key === key.toUpperCase() ? `${keys_shift}+${key}` : key.toUpperCase();
}

/**
 * Whatever the state of Caps Lock.
 * @param {KeyboardEvent} event
 */
function nameOf({ key, shiftKey }) {
    if (!/^\p{L}$/u.test(key)) return key;
    return shiftKey ? key.toUpperCase() : key.toLowerCase();
}

/** @param {string} key a letter, number or sign; Space is none of them */
const isCharacter = (key) => key.length === 1 && key !== " ";

/**
 * Whether nothing where it was pressed needs it, and the browser or the system does not.
 * @param {KeyboardEvent} event
 */
function isFree({ key, target, ctrlKey, metaKey, altKey }) {
    const place = /** @type {Element | null} */ (target),
        within = (/** @type {string} */ choice) => Boolean(place?.closest?.(choice));
    return !ctrlKey && !metaKey && !altKey && !within(TYPING) && !(key in NEEDED && within(NEEDED[key]));
}

export const keyboard = new Keyboard(globalThis.localStorage);
