// What stands beside a lesson's picture: the newest step of each run in numbers, as a formula, and its gradient.

/** @import { Call, LessonNumbers, LessonPanelsData } from "../messages.js" */

import { element } from "../parts/element.js";
import { Mounts } from "../parts/mounts.js";
import { RunPanel } from "./run_panel.js";

const OFTEN = 500,
    PATIENCE = 10_000; // ms

/** @type {Mounts<Panels>} */
const mounted = new Mounts();

/** @param {Call<LessonPanelsData>} call */
export function mount({ parentElement, data }) {
    const panels = mounted.at(parentElement) ?? mounted.put(parentElement, new Panels(parentElement, data));
    panels.hear(data);
}

/** @param {HTMLElement} parentElement */
export function unmount(parentElement) {
    mounted.remove(parentElement);
}

class Panels {
    /** @type {Map<string, RunPanel>} by run */
    runs = new Map();
    closed = false;

    /**
     * @param {HTMLElement} parent
     * @param {LessonPanelsData} data
     */
    constructor(parent, data) {
        this.data = data;
        this.root = element("section", { className: "lp-panels", "data-testid": "lesson-panels" });
        parent.append(this.root);
        this.#ask();
    }

    /** @param {LessonPanelsData} data */
    hear(data) {
        this.data = data;
    }

    async #ask() {
        if (this.closed) return;
        if (!document.hidden) await this.#turn();
        setTimeout(() => this.#ask(), OFTEN);
    }

    async #turn() {
        try {
            const answer = await fetch(`${this.data.door}/numbers`, { signal: AbortSignal.timeout(PATIENCE) });
            if (answer.ok && !this.closed) this.#receive(await answer.json());
        } catch (problem) {
            console.info("lesson:", problem); // the lesson itself says so
        }
    }

    /** @param {{ step: string, runs: LessonNumbers[] }} news */
    #receive({ step, runs }) {
        if (step !== this.data.step) return;
        const known = this.runs;
        this.runs = new Map(runs.map(({ run }) => [run, known.get(run) ?? new RunPanel(this.data)]));
        const nodes = [...this.runs.values()].map(({ node }) => node);
        if (nodes.some((node, index) => this.root.children[index] !== node) || nodes.length !== known.size)
            this.root.replaceChildren(...nodes);
        for (const run of runs) this.runs.get(run.run)?.draw(run, this.data, runs.length > 1);
    }

    close() {
        this.closed = true;
        this.root.remove();
    }
}
