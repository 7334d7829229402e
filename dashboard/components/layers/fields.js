// What cells see of the picture: asked for once each, the newest wish first.

/**
 * @import { SheetHeader } from "../messages.js"
 * @import { Box, Placement, Point } from "./placement.js"
 */

import { Newest } from "../parts/newest.js";
import { evenly, placed } from "./placement.js";

const PATIENCE = 60_000; // ms

/** @typedef {{ theoretical: Box, effective: Box, centre: Point }} Field */
/** @typedef {{ layer: string, row: number, column: number }} Place in the whole map */
/** @typedef {{ place: Place, done: (field: Field) => void }} Wish */

export class Fields {
    /** @type {Map<string, Field>} */
    known = new Map();
    /** @type {Map<string, Placement>} by layer */
    placements = new Map();
    /** @type {Newest<Wish>} */
    newest = new Newest(async ({ place, done }) => {
        const field = await this.#ask(place);
        if (field) done(field);
    });

    /** @param {string} door */
    constructor(door) {
        this.address = `${door}/field`;
    }

    /**
     * Where the cells of a sheet lie, as far as that is known.
     * @param {SheetHeader} header
     */
    placement(header) {
        return this.placements.get(header.layer) ?? evenly(header);
    }

    /**
     * @param {SheetHeader} header
     * @param {() => void} done it is known better now
     */
    async learn(header, done) {
        const { layer, rows, columns, reduced } = header;
        if (this.placements.has(layer)) return;
        this.placements.set(layer, evenly(header));
        const first = await this.#ask({ layer, row: 0, column: 0 }),
            last = await this.#ask({ layer, row: (rows - 1) * reduced, column: (columns - 1) * reduced });
        if (!first || !last || (rows > 1 && last.centre[0] <= first.centre[0])) return; // tokens lie nowhere
        this.placements.set(layer, placed(header, first.centre, last.centre));
        done();
    }

    /**
     * @param {Place} place
     * @param {(field: Field) => void} done
     */
    find(place, done) {
        const field = this.known.get(keyOf(place));
        if (field) done(field);
        else this.newest.put({ place, done });
    }

    /** @param {Place} place */
    async #ask(place) {
        const { layer, row, column } = place,
            asked = new URLSearchParams({ layer, row: String(row), column: String(column) });
        const answer = await fetch(`${this.address}?${asked}`, { signal: AbortSignal.timeout(PATIENCE) }).catch(
            () => null,
        );
        if (!answer?.ok) return null; // a layer whose cells see no part of the picture of their own
        /** @type {Field} */
        const field = await answer.json();
        this.known.set(keyOf(place), field);
        return field;
    }
}

/** @param {Place} place */
const keyOf = ({ layer, row, column }) => [layer, row, column].join();
