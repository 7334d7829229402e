// The files that are not in an index, with the reasons, folded at first.

/** @import { UnitReady } from "../messages.js" */
/** @import { Words } from "./words.js" */

import { element } from "../parts/element.js";
import { filled } from "../parts/filled.js";
import { skippedWords } from "./words.js";

export class Skipped {
    /**
     * @param {Words} words
     * @param {UnitReady["skipped"]} skipped
     */
    constructor(words, { count, files }) {
        const items = files.map(([name, why]) => element("li", {}, `${name}: ${why}`)),
            left = count - files.length,
            more = left > 0 ? [element("li", {}, filled(words.more, { n: left }))] : [];
        this.node = element(
            "details",
            { className: "au-skipped", "data-testid": "skipped" },
            element("summary", { className: "au-note" }, skippedWords(words, count)),
            element("ul", {}, ...items, ...more),
        );
    }
}
