// The offer to go on with what this browser keeps of lessons, or to forget it.

/** @import { Call, KeptData, KeptEvent, KeptLessons } from "../messages.js" */

import { element } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { Mounts } from "../parts/mounts.js";
import { Queue } from "../parts/queue.js";
import { memory, offered, sent } from "./memory.js";
import { isTaken } from "./taken.js";

/** @type {Mounts<Kept>} */
const mounted = new Mounts();
let resumed = false; // in this tab, as far as it could be

/** @param {Call<KeptData>} call */
export function mount({ parentElement, data, setTriggerValue }) {
    const kept = mounted.at(parentElement) ?? mounted.put(parentElement, new Kept(parentElement));
    kept.queue.send = (event) => setTriggerValue("event", event);
    kept.show(data);
}

/** @param {HTMLElement} parentElement */
export function unmount(parentElement) {
    mounted.remove(parentElement);
}

class Kept {
    /** @type {Queue<KeptEvent>} */
    queue = new Queue();
    /** @type {KeptLessons | null} what can still be taken back */
    forgotten = null;

    /** @param {HTMLElement} parent */
    constructor(parent) {
        this.root = element("section", { className: "kl-kept", role: "status", "data-testid": "kept-lessons" });
        parent.append(this.root);
    }

    /** @param {KeptData} data */
    show(data) {
        this.data = data;
        this.queue.answer(data.turn);
        this.#draw();
    }

    #draw() {
        const { lessons } = /** @type {KeptData} */ (this.data),
            kept = memory.read(),
            last = resumed ? null : offered(kept, lessons);
        if (kept && last) this.#offer(kept, last);
        else if (this.forgotten) this.#undo(this.forgotten);
        else this.root.replaceChildren();
    }

    /**
     * @param {KeptLessons} kept
     * @param {string} last
     */
    #offer(kept, last) {
        const { lessons } = /** @type {KeptData} */ (this.data),
            { lang, step } = kept.lessons[last],
            { steps, titles } = lessons[last],
            words = this.#words(lang),
            n = steps.indexOf(step) + 1 || steps.length; // past the last one at the end
        const title = titles[lang] ?? Object.values(titles)[0];
        this.#say(lang, filled(words.kept_offer, { title, n, of: steps.length }), [
            button(words.kept_resume, "kl-button kl-primary", "resume-lessons", () => this.#resume(kept, last)),
            button(words.kept_forget, "kl-button", "forget-lessons", () => this.#forget(kept)),
        ]);
    }

    /** @param {KeptLessons} kept */
    #undo(kept) {
        const { lang } = kept.lessons[kept.last],
            words = this.#words(lang);
        const back = () => {
            this.forgotten = null;
            memory.write(kept);
            this.#draw();
            this.root.querySelector("button")?.focus();
        };
        this.#say(lang, words.kept_forgotten, [button(words.kept_undo, "kl-button", "undo-forgetting", back)]);
    }

    /** @param {string} lang */
    #words(lang) {
        const { words } = /** @type {KeptData} */ (this.data);
        return words[lang] ?? words.en;
    }

    /**
     * @param {string} lang
     * @param {string} sentence
     * @param {HTMLElement[]} buttons
     */
    #say(lang, sentence, buttons) {
        this.root.lang = lang;
        this.root.replaceChildren(element("p", {}, sentence), ...buttons);
    }

    /**
     * @param {KeptLessons} kept
     * @param {string} last
     */
    async #resume(kept, last) {
        resumed = true;
        const token = (await isTaken(kept.token)) ? "" : kept.token;
        this.queue.put({ kind: "resume", token, lessons: sent(kept, last) });
    }

    /** @param {KeptLessons} kept */
    #forget(kept) {
        this.forgotten = kept;
        memory.write(null);
        this.#draw();
        this.root.querySelector("button")?.focus();
    }

    close() {
        this.queue.close();
        this.root.remove();
    }
}

/**
 * @param {string} words
 * @param {string} className
 * @param {string} testid
 * @param {() => void} act
 */
function button(words, className, testid, act) {
    const node = element("button", { type: "button", className, "data-testid": testid }, words);
    node.addEventListener("click", act);
    return node;
}
