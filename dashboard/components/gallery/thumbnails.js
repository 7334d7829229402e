// The sheet of thumbnails: a tile for every channel from the beginning, so that nothing moves while pictures arrive.
// It is a list of which one is selected, as in a file manager: the arrow keys select, Enter opens as a double click does.

import { element, show } from "../parts/element.js";

export const HINT = "ag-hint"; // the id of the sentence about the keys

const WORDS = { silent: "dead channel", failed: "failed" };

export const spoken = (score) => (Math.abs(score) >= 100 || score === 0 ? score.toFixed(0) : score.toPrecision(3));
export const cosine = (value) => value.toFixed(2);

export class Thumbnails {
    // choose(channel), pass(channel) while a key is held, settle() when it is let go, open(channel)
    constructor(data, { choose, pass, settle, open }) {
        Object.assign(this, {
            data,
            choose,
            pass,
            open,
            tiles: new Map(),
            buttons: new Map(),
            seen: new Set(),
            order: [],
            cosines: null,
        });
        this.node = element("div", {
            className: "ag-sheet",
            role: "listbox",
            "aria-label": "thumbnails",
            "aria-describedby": HINT,
            "data-testid": "sheet",
        });
        this.node.addEventListener("keydown", (event) => this.key(event));
        this.node.addEventListener("keyup", settle);
        this.watcher = new IntersectionObserver((entries) =>
            entries.forEach((entry) =>
                this.seen[entry.isIntersecting ? "add" : "delete"](Number(entry.target.dataset.channel)),
            ),
        );
        for (let channel = 0; channel < data.count; channel++) {
            const button = this.button(channel);
            button.addEventListener("click", () => choose(channel));
            button.addEventListener("dblclick", () => open(channel));
            this.buttons.set(channel, button);
            this.order.push(channel);
            this.watcher.observe(button);
        }
        this.node.append(...this.buttons.values());
        this.buttons.get(0).tabIndex = 0;
    }

    // Its name is what it says: seen are the number and the score, and the words between them are for those who do not see it.
    button(channel) {
        return element(
            "div",
            {
                className: "ag-tile",
                role: "option",
                tabIndex: -1,
                "data-channel": channel,
                "data-testid": `tile-${channel}`,
                "aria-selected": "false",
            },
            element("span", { className: "ag-picture" }),
            element(
                "span",
                { className: "ag-label" },
                element("span", {}, element("span", { className: "ag-word" }, "channel "), String(channel)),
                element("span", { className: "ag-word" }, ", not made yet"),
                element("span", { className: "ag-score" }),
            ),
        );
    }

    put([channel, stage, score, flag, reason]) {
        const button = this.buttons.get(channel),
            picture = button.firstChild;
        const source = flag ? null : `${this.data.door}/${stage}/${channel}.png`;
        this.tiles.set(channel, { channel, stage, score, flag, reason, source });
        button.dataset.stage = stage;
        button.dataset.flag = flag;
        button.title = reason || (flag ? `Dead channel: its score stayed at 0.` : "");
        this.label(channel);
        if (flag) return picture.replaceChildren(WORDS[flag]);
        // The finer picture takes the coarse one's place when it has come: no gap between them.
        let image = picture.querySelector("img");
        if (!image) {
            image = element("img", { loading: "lazy", alt: "", decoding: "async", draggable: false });
            picture.replaceChildren(image);
        }
        image.src = source;
    }

    // Beside the number: the score, or the similarity in the order of similarity.
    label(channel) {
        const tile = this.tiles.get(channel),
            similar = this.cosines?.get(channel);
        const [, words, number] = this.buttons.get(channel).lastChild.children;
        const alike = this.cosines !== null && similar !== undefined;
        show(
            words,
            !tile ? ", not made yet" : tile.flag ? "" : alike ? ", similarity " : this.cosines ? "" : ", score ",
        );
        show(
            number,
            !tile || tile.flag || (this.cosines && !alike) ? "" : alike ? cosine(similar) : spoken(tile.score),
        );
    }

    onScreen() {
        return this.order.filter((channel) => this.seen.has(channel));
    }

    // Tab comes to the selected tile, and the keys go on from there.
    select(channel) {
        for (const [other, button] of this.buttons) {
            button.setAttribute("aria-selected", String(other === channel));
            button.tabIndex = other === channel ? 0 : -1;
        }
    }

    key(event) {
        const here = this.order.indexOf(Number(event.target.closest(".ag-tile")?.dataset.channel)),
            last = this.order.length - 1;
        if (here < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        const across = getComputedStyle(this.node).gridTemplateColumns.split(" ").length;
        const steps = {
            ArrowLeft: here - 1,
            ArrowRight: here + 1,
            ArrowUp: here - across,
            ArrowDown: here + across,
            Home: 0,
            End: last,
        };
        const act = { Enter: this.open, " ": this.choose }[event.key];
        if (act) {
            event.preventDefault();
            return act(this.order[here]);
        }
        const to = steps[event.key];
        if (to === undefined) return;
        event.preventDefault();
        if (to < 0 || to > last) return;
        this.pass(this.order[to]);
        this.buttons.get(this.order[to]).focus();
    }

    // 1 for the highest score among the pictures that are as far: sketches score less; whether those are all, and how many of 100 score less
    rank(channel) {
        const mine = this.tiles.get(channel);
        if (!mine || mine.flag) return null;
        const alike = [...this.tiles.values()].filter((tile) => tile.stage === mine.stage),
            scored = alike.filter((tile) => !tile.flag);
        const count = (counts) => scored.filter(counts).length,
            lower = count((tile) => tile.score < mine.score);
        return {
            place: 1 + count((tile) => tile.score > mine.score),
            of: scored.length,
            all: alike.length === this.data.count,
            above: Math.floor((100 * lower) / scored.length),
        };
    }

    // by "index", "score" or "likeness" (a Map from channel to cosine); what has no value comes last, by its number
    sort(by, likeness) {
        this.cosines = by === "likeness" ? likeness : null;
        for (const channel of this.buttons.keys()) this.label(channel);
        const value = (channel) => {
            const tile = this.tiles.get(channel);
            if (by === "index") return 0;
            return by === "likeness" ? (likeness.get(channel) ?? -2) : tile && !tile.flag ? tile.score : -Infinity;
        };
        const values = new Map([...this.buttons.keys()].map((channel) => [channel, value(channel)]));
        const order = [...this.buttons.keys()].sort((a, b) =>
            values.get(a) === values.get(b) ? a - b : values.get(b) - values.get(a),
        );
        if (order.join() === this.order.join()) return;
        this.order = order;
        const focus = document.activeElement,
            top = this.node.scrollTop;
        this.node.replaceChildren(...order.map((channel) => this.buttons.get(channel)));
        this.node.scrollTop = top;
        if (this.buttons.get(Number(focus?.dataset?.channel)) === focus) focus.focus({ preventScroll: true });
    }

    close() {
        this.watcher.disconnect();
    }
}
