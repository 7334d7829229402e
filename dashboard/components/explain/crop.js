// Frames on an image: what the network sees of it, in whole pixels, always of the network's proportions and within the
// image.

/** @import { Frame } from "../messages.js" */

/** @typedef {{ height: number, width: number }} Size */
/** @typedef {"nw" | "ne" | "sw" | "se"} Corner */

const SMALLEST = 16; // pixels a side

/**
 * The largest frame that an image has room for, in its middle.
 * @param {Size} image
 * @param {Size} size of the network's pictures
 * @returns {Frame}
 */
export function largest(image, size) {
    const [height, width] = fitted(image.height, image, size);
    return [Math.floor((image.height - height) / 2), Math.floor((image.width - width) / 2), height, width];
}

/**
 * Whether the image goes to the network as it is, so that there is nothing to choose.
 * @param {Size} image
 * @param {Size} size
 */
export const exact = (image, size) => image.height === size.height && image.width === size.width;

/**
 * @param {Frame} frame
 * @param {Size} image
 * @param {number} down
 * @param {number} right
 * @returns {Frame}
 */
export function moved([top, left, height, width], image, down, right) {
    return [
        clamped(Math.round(top + down), 0, image.height - height),
        clamped(Math.round(left + right), 0, image.width - width),
        height,
        width,
    ];
}

/**
 * Higher by so many pixels, or less high, around its middle where there is room.
 * @param {Frame} frame
 * @param {Size} image
 * @param {Size} size
 * @param {number} more
 * @returns {Frame}
 */
export function grown([top, left, height, width], image, size, more) {
    const [tall, wide] = fitted(height + more, image, size);
    return moved([top, left, tall, wide], image, (height - tall) / 2, (width - wide) / 2);
}

/**
 * A corner pulled by so many pixels; the one opposite stays.
 * @param {Frame} frame
 * @param {Size} image
 * @param {Size} size
 * @param {Corner} corner
 * @param {number} down
 * @param {number} right
 * @returns {Frame}
 */
export function pulled([top, left, height, width], image, size, corner, down, right) {
    const up = corner.startsWith("n"),
        back = corner.endsWith("w"),
        [bottom, end] = [top + height, left + width];
    const room = { height: up ? bottom : image.height - top, width: back ? end : image.width - left };
    const wanted = [height + (up ? -down : down), ((width + (back ? -right : right)) * size.height) / size.width];
    const [tall, wide] = fitted(Math.max(...wanted), room, size);
    return [up ? bottom - tall : top, back ? end - wide : left, tall, wide];
}

/**
 * Height and width of the network's proportions that have room.
 * @param {number} height wanted
 * @param {Size} room
 * @param {Size} size
 */
function fitted(height, room, size) {
    const most = Math.min(room.height, (room.width * size.height) / size.width),
        tall = clamped(Math.round(height), Math.min(SMALLEST, Math.floor(most)), Math.floor(most));
    const wide = Math.round((tall * size.width) / size.height);
    return [Math.max(1, tall), clamped(wide, 1, room.width)];
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
const clamped = (value, low, high) => Math.max(low, Math.min(high, value));
