// What channels gained: a list of buttons with bars. The one that the picture is of is pressed.

/** @import { Call, GainedData, GainedEvent } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { Mounts } from "../parts/mounts.js";
import { Queue } from "../parts/queue.js";

/** @type {Mounts<Gained>} */
const mounted = new Mounts();

/** @param {Call<GainedData>} call */
export function mount({ parentElement, data, setTriggerValue }) {
    const gained = mounted.at(parentElement) ?? mounted.put(parentElement, new Gained(parentElement));
    gained.queue.send = (event) => setTriggerValue("event", event);
    gained.show(data);
}

/** @param {HTMLElement} parentElement */
export function unmount(parentElement) {
    mounted.remove(parentElement);
}

class Gained {
    /** @type {Queue<GainedEvent>} */
    queue = new Queue();
    drawn = "";

    /** @param {HTMLElement} parent */
    constructor(parent) {
        this.about = element("p", { className: "ag-about" });
        this.head = element("p", { className: "ag-head" });
        this.list = element("ol", { className: "ag-list" });
        this.note = element("p", { className: "ag-note" });
        const parts = [this.about, this.head, this.list, this.note];
        this.root = element("section", { className: "ag-gained", "data-testid": "gained" }, ...parts);
        parent.append(this.root);
    }

    /** @param {GainedData} data */
    show({ about, head, note, rows, chosen, turn }) {
        show(this.about, about);
        show(this.head, head);
        show(this.note, note);
        const drawn = JSON.stringify(rows);
        if (drawn !== this.drawn) this.list.replaceChildren(...rows.map((row) => element("li", {}, this.#row(row))));
        this.drawn = drawn;
        this.queue.answer(turn);
        if (!this.queue.holds("chosen")) this.#press(chosen);
    }

    /** @param {GainedData["rows"][number]} row */
    #row({ channel, name, gain, bar, hint }) {
        const length = element("span", { className: "ag-bar", "aria-hidden": "true" }, element("span"));
        length.style.setProperty("--length", `${100 * bar}%`);
        const words = [element("span", {}, name), length, element("span", { className: "ag-gain" }, gain)];
        const properties = { type: "button", title: hint, "data-channel": channel, "data-testid": `gained-${channel}` };
        const button = element("button", { className: "ag-row", "aria-pressed": "false", ...properties }, ...words);
        button.addEventListener("click", () => {
            this.#press(channel);
            this.queue.put({ kind: "chosen", channel });
        });
        return button;
    }

    /** @param {number | null} chosen */
    #press(chosen) {
        for (const button of this.list.querySelectorAll("button"))
            button.setAttribute("aria-pressed", String(button.dataset.channel === String(chosen)));
    }

    close() {
        this.queue.close();
        this.root.remove();
    }
}
