// Numbers and sentences as the page says them.

/**
 * @import { Frame, MapEntry, MapHeader } from "../messages.js"
 * @import { MapNews } from "../parts/map_message.js"
 * @import { Spot } from "../parts/overlay.js"
 */

import { number, percent } from "../parts/numbers.js";

const STATUS = {
    waiting: "waiting",
    running: "running",
    paused: "paused",
    finished: "",
    failed: "failed",
    cancelled: "stopped",
};

/**
 * @param {Frame} frame
 * @param {{ height: number, width: number, given: [height: number, width: number] | null }} image
 */
export function frameWords([top, left, height, width], image) {
    const { given } = image,
        reduced = given ? ` (reduced from ${given[1]} × ${given[0]})` : "";
    return `${width} × ${height} of ${image.width} × ${image.height} px${reduced}, from row ${top}, column ${left}`;
}

/**
 * What a map says of a place: the number as computed, and how much that is.
 * @param {MapNews} news
 * @param {Spot} spot
 */
export function valueAt({ header, values }, { x, y }) {
    const { height, width, top, beyond, signed } = header;
    if (!values.length) return "";
    const row = Math.min(height - 1, Math.floor(y * height)),
        column = Math.min(width - 1, Math.floor(x * width)),
        byte = values[row * width + column],
        place = `row ${row}, column ${column}: `;
    if (!byte) return `${place}0`;
    const side = signed ? (byte > 0 ? ", for it" : ", against it") : "";
    const more = beyond && Math.abs(byte) === 127 ? " or more" : "";
    return `${place}${number((byte / 127) * top)}${more}${side}`;
}

/**
 * How far a map is, or what became of it.
 * @param {MapHeader} header
 */
export function progressWords({ status, fraction, passes, score }) {
    const passed = passes === 1 ? "1 pass" : `${passes} passes`,
        done = score === null ? passed : `score ${number(score)}, ${passed}`;
    if (status === "finished") return done;
    if (status === "failed" && score === null) return ""; // it never began, and a sentence over the picture says why
    const far = status === "waiting" ? "" : ` at ${Math.round(100 * fraction)} %, ${done}`;
    return `${STATUS[status]}${far}`;
}

/**
 * Whether a map adds up to what it promises.
 * @param {MapHeader} header
 */
export function completenessWords({ completeness }) {
    if (!completeness) return "";
    const [sum, expected] = completeness,
        off = expected ? `, off by ${percent(Math.abs(sum - expected) / Math.abs(expected))}` : "";
    return `adds up to ${number(sum)} of ${number(expected)}${off}`;
}

/**
 * How many cells a map was computed with.
 * @param {MapEntry} entry
 * @param {MapHeader} header
 */
export function gridWords(entry, { rows, columns, layer }) {
    return [layer || entry.layer, rows ? `${rows} × ${columns}` : ""].filter(Boolean).join(", ");
}
