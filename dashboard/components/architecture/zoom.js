// The layers inside of a block, fetched once for each block and size of the picture.

/** @import { ArchitectureData, ChartLayers } from "../messages.js" */

import { contains } from "./layers.js";

export class Zoom {
    /** whose inside is shown, "": all blocks are */
    block = "";
    /** @type {Map<string, ChartLayers>} by address */
    known = new Map();

    /**
     * The block stays open while the target reads a layer inside, or has not moved.
     * @param {ArchitectureData} before
     * @param {ArchitectureData} now
     * @returns {boolean} whether the target has moved
     */
    follow(before, now) {
        const moved = before.reads.join() !== now.reads.join(),
            away = !now.reads.some((name) => contains(this.block, name));
        if (before.door !== now.door || (moved && away)) this.block = "";
        return moved;
    }

    /**
     * The layers inside, once they are known; what is asked for meanwhile counts.
     * @param {string} block
     * @param {ArchitectureData} data
     * @returns {Promise<boolean>} whether it is open now
     */
    async open(block, data) {
        const address = addressOf(block, data);
        if (!this.known.has(address)) {
            const answer = await fetch(address).catch(() => null);
            if (!answer?.ok) return false;
            this.known.set(address, await answer.json());
        }
        this.block = block;
        return true;
    }

    /**
     * What the strip shows; all blocks until the inside is known at this size.
     * @param {ArchitectureData} data
     * @returns {ChartLayers}
     */
    shown(data) {
        return (this.block && this.known.get(addressOf(this.block, data))) || data;
    }
}

/**
 * @param {string} block
 * @param {ArchitectureData} data
 */
function addressOf(block, { door, size }) {
    return `${door}inside?${new URLSearchParams({ block, size: size.join("x") })}`;
}
