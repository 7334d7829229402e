// A visitor's membership of the class: one socket for the tab, whatever page is drawn, and what the teacher does there.

/**
 * @import { Call, ClassNews, MemberData, MemberEvent, You } from "../messages.js"
 */

import { element } from "../parts/element.js";
import { halt } from "../parts/halt.js";
import { Queue } from "../parts/queue.js";
import { revealed } from "../parts/revealed.js";
import { Banner } from "./banner.js";
import { Chip } from "./chip.js";
import { Line } from "./line.js";
import { isSettled, membership, VISITOR } from "./memory.js";
import { Pointer } from "./pointer.js";

const FAREWELL = 3000; // ms until the socket of a page that was left, and is followed by none, is closed

class Member {
    door = "";
    wanted = "";
    /** @type {"" | "unknown" | "full" | "over"} */
    told = "";
    lang = "en";
    /** @type {import("./words.js").Words} */
    words = {};
    connected = false;
    /** @type {You | null} */
    you = null;
    /** @type {Line | null} */
    line = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    leaving = undefined;
    /** @type {number} the push that the page was asked to obey last */
    asked = 0;
    /** @type {Queue<MemberEvent>} */
    queue = new Queue();

    constructor() {
        this.banner = new Banner();
        this.pointer = new Pointer();
        this.chip = new Chip({
            join: (code) => this.#join(code),
            rename: () => this.line?.send({ rename: true }),
            hide: (hidden) => this.line?.send({ hide: hidden }),
            leave: () => this.line?.send({ leave: true }),
        });
        this.root = element("div", { className: "am-member" }, this.banner.root, this.chip.root, this.pointer.ring);
        document.addEventListener(VISITOR, () => this.#enter());
    }

    /** @param {Call<MemberData>} call */
    mount({ parentElement, data, setTriggerValue }) {
        clearTimeout(this.leaving);
        if (this.root.parentElement !== parentElement) parentElement.append(this.root);
        this.queue.send = (event) => setTriggerValue("event", event);
        this.queue.answer(data.turn);
        this.#speak(data);
        this.banner.move(data.here);
        if (data.join) membership.join = data.join;
        this.wanted = data.door;
        this.chip.offered = data.offered;
        this.#update();
        this.#enter();
    }

    /** @param {MemberData} data */
    #speak({ lang, words }) {
        if (lang === this.lang && this.words.close) return;
        Object.assign(this, { lang, words });
        this.root.lang = lang;
        this.chip.speak(words);
        this.banner.speak(words);
        if (halt.on) this.#halt(true);
        revealed.set(revealed.answers, words);
        this.#update();
    }

    /** @param {boolean} on */
    #halt(on) {
        const { halted = "", halted_run = "" } = this.words;
        halt.set(on ? { halted, halted_run } : null, this.lang);
    }

    #enter() {
        if (this.wanted !== this.door && isSettled(this.wanted)) this.#connect(this.wanted);
    }

    /** @param {HTMLElement} parent which may have been left for another one already */
    unmount(parent) {
        if (this.root.parentElement !== parent) return;
        this.leaving = setTimeout(() => this.#gone(), FAREWELL);
    }

    /** @param {string} door */
    #connect(door) {
        this.#close();
        this.door = door;
        if (!membership.secret && !membership.join) return this.#update();
        this.line = new Line(door, {
            hello: () => ({
                join: membership.join,
                secret: membership.secret,
                lang: this.lang,
            }),
            receive: (news) => this.#receive(news),
            show: (picture) => this.banner.showPicture(picture),
            changed: (connected) => {
                this.connected = connected;
                this.#update();
            },
        });
    }

    /** @param {string} code */
    #join(code) {
        membership.secret = "";
        membership.join = code;
        this.#connect(this.door);
    }

    /** @param {ClassNews} news */
    #receive(news) {
        if (news.refused !== undefined) return this.#leave(news.refused);
        if (news.ended) return this.#leave("over");
        if (!news.you || !news.class) return;
        const first = !this.you;
        this.you = news.you;
        this.told = "";
        membership.secret = news.you.secret;
        membership.join = "";
        this.#update();
        const number = news.class.pushed?.number ?? 0;
        if (first) this.asked = this.banner.done = news.you.followed; // another class counts anew
        if (number > this.asked) this.banner.found = this.pointer.point(news.class.pushed?.at ?? "");
        this.banner.update(news.class);
        this.#halt(news.class.paused);
        revealed.set(news.class.revealed, this.words);
        if (first && news.you.known) this.queue.put({ kind: "joined" });
        if (number > this.asked) {
            this.asked = number;
            this.queue.put({ kind: "pushed", number });
        }
    }

    /** @param {"unknown" | "full" | "over"} told why */
    #leave(told) {
        membership.secret = membership.join = "";
        this.you = null;
        this.told = told;
        this.banner.update({ pushed: null, paused: false, shown: null, revealed: null });
        this.#halt(false);
        revealed.set(null, this.words);
        this.#update();
    }

    #update() {
        this.chip.update(this.you, this.connected, this.told);
    }

    #gone() {
        this.wanted = "";
        this.#halt(false);
        revealed.set(null, this.words);
        this.#close();
    }

    #close() {
        this.pointer.end();
        this.line?.close();
        this.line = null;
        this.door = "";
        this.connected = false;
        this.you = null;
    }
}

/** @type {Member | null} */
let member = null;

/** @param {Call<MemberData>} call */
export function mount(call) {
    member ??= new Member();
    member.mount(call);
}

/** @param {HTMLElement} parent */
export function unmount(parent) {
    member?.unmount(parent);
}
