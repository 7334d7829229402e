// Where the maps lie on the sheet: as large as all of them have room for, or of a usual size and scrolled.

const LEAST = { smallest: 60, usual: 64 },
    LARGEST = 224; // px, the width of a map
const GAP = 6;
export const LABEL = 17; // px below a map

/**
 * @typedef {object} Grid
 * @property {number} across so many side by side
 * @property {number} count
 * @property {number} width of a map
 * @property {number} height of a map
 * @property {number} pitch from one map to the next one, sideways
 * @property {number} line from one row of maps to the next one
 * @property {number} total height of all of them
 */

/**
 * @param {{ width: number, height: number }} room
 * @param {number} count
 * @param {number} proportions width of a map by its height
 * @param {{ smallest: number, usual: number }} [least] px, where all have room and where they are scrolled
 * @returns {Grid}
 */
export function gridOf(room, count, proportions, least = LEAST) {
    const most = Math.max(1, Math.floor((room.width + GAP) / (least.smallest + GAP)));
    for (let across = 1; across <= most; across++) {
        const grid = made(room.width, count, proportions, across, LARGEST);
        if (grid.total <= room.height) return grid;
    }
    const across = Math.max(1, Math.floor((room.width + GAP) / (least.usual + GAP)));
    return made(room.width, count, proportions, across, LARGEST);
}

/**
 * @param {number} room width
 * @param {number} count
 * @param {number} proportions
 * @param {number} across
 * @param {number} widest
 */
function made(room, count, proportions, across, widest) {
    const width = Math.max(1, Math.min(widest, Math.floor((room + GAP) / across) - GAP)),
        height = Math.max(1, Math.round(width / proportions)),
        line = height + LABEL + GAP;
    return { across, count, width, height, pitch: width + GAP, line, total: Math.ceil(count / across) * line };
}

/**
 * The place in the order, and where in its map, 0 to 1 from its left and its top; null between maps.
 * @param {Grid} grid
 * @param {number} x
 * @param {number} y
 */
export function hit({ across, count, width, height, pitch, line }, x, y) {
    const column = Math.floor(x / pitch),
        row = Math.floor(y / line),
        place = row * across + column,
        [right, down] = [x - column * pitch, y - row * line];
    if (x < 0 || y < 0 || column >= across || place >= count || right >= width || down >= height + LABEL) return null;
    return { place, x: right / width, y: Math.min(1, down / height) };
}

/**
 * @param {Grid} grid
 * @param {number} place
 * @returns {[left: number, top: number]}
 */
export function cornerOf({ across, pitch, line }, place) {
    return [(place % across) * pitch, Math.floor(place / across) * line];
}

/**
 * The places that can be seen: from the first up to the last, without it.
 * @param {Grid} grid
 * @param {number} top what is scrolled by
 * @param {number} height of what is seen
 * @returns {[first: number, end: number]}
 */
export function seen({ across, count, line }, top, height) {
    const first = Math.max(0, Math.floor(top / line)) * across;
    return [Math.min(first, count), Math.min(count, Math.ceil((top + height) / line) * across)];
}
