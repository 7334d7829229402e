// The files that are not in an index, with the reasons, folded at first.

/** @import { UnitReady } from "../messages.js" */

import { element } from "../parts/element.js";
import { skippedWords } from "./words.js";

export class Skipped {
    /** @param {UnitReady["skipped"]} skipped */
    constructor({ count, files }) {
        const items = files.map(([name, why]) => element("li", {}, `${name}: ${why}`)),
            more = count > files.length ? [element("li", {}, `and ${count - files.length} more`)] : [];
        this.node = element(
            "details",
            { className: "au-skipped", "data-testid": "skipped" },
            element("summary", { className: "au-note" }, skippedWords(count)),
            element("ul", {}, ...items, ...more),
        );
    }
}
