// One run of a lesson: what its newest step was made of.

/** @import { LessonNumbers, LessonPanelsData } from "../messages.js" */

import { element, show } from "../parts/element.js";
import { figures, rowsOf } from "./numbers.js";

export class RunPanel {
    loaded = "";

    /** @param {LessonPanelsData} data */
    constructor({ panels, words }) {
        this.title = element("h4", { className: "lp-title" });
        this.image = element("img", { className: "lp-gradient", alt: words.gradient_alt, "data-testid": "gradient" });
        this.picture = element(
            "figure",
            { hidden: !panels.includes("gradient") },
            this.image,
            element("figcaption", {}, words.gradient_caption),
        );
        this.symbols = element("p", { className: "lp-formula", "data-testid": "formula" });
        this.figures = element("p", { className: "lp-formula" });
        this.formula = element("div", { hidden: !panels.includes("formula") }, this.symbols, this.figures);
        this.list = element("dl", { className: "lp-numbers", "data-testid": "run-numbers" });
        this.list.hidden = !panels.includes("numbers") && !panels.includes("formula");
        this.node = element("div", { className: "lp-run" }, this.title, this.picture, this.formula, this.list);
    }

    /**
     * @param {LessonNumbers} run
     * @param {LessonPanelsData} data
     * @param {boolean} several
     */
    draw(run, data, several) {
        const { words, formula, door, panels } = data;
        this.title.hidden = !several;
        show(this.title, run.title);
        show(this.symbols, `${words.picture_after} = ${words.picture_before} + ${formula}`);
        show(this.figures, figures(run, formula, words));
        this.#list(rowsOf(run, words));
        const address = `${door}/gradient/${run.run}.png?i=${run.iteration}`;
        if (!run.pictured || !panels.includes("gradient") || address === this.loaded) return;
        this.loaded = address;
        this.#load(address);
    }

    /**
     * The old one stays until the new one is there.
     * @param {string} address
     */
    async #load(address) {
        const image = element("img", { src: address });
        await image.decode().catch(() => {});
        if (image.naturalWidth && this.loaded === address) this.image.src = address;
    }

    /** @param {[name: string, value: string][]} rows */
    #list(rows) {
        if (this.list.childElementCount !== rows.length)
            this.list.replaceChildren(...rows.map(() => element("div", {}, element("dt"), element("dd"))));
        rows.forEach(([name, value], index) => {
            const [title, number] = this.list.children[index].children;
            show(title, name);
            show(number, value);
        });
    }
}
