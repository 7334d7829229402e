// The two scales of colours: a diverging one for signed maps, zero in its middle, and a sequential one.

const COLOURS = 256;

export class Colours {
    /** @param {{ diverging: string, sequential: string }} tables 256 colours each, three bytes a colour, in Base64 */
    constructor({ diverging, sequential }) {
        this.diverging = tableOf(diverging);
        this.sequential = tableOf(sequential);
    }

    /**
     * A map's pixels, red, green, blue and opaque.
     * @param {Int8Array} values
     * @param {boolean} signed
     */
    pixels(values, signed) {
        const table = signed ? this.diverging : this.sequential,
            pixels = new Uint8ClampedArray(4 * values.length).fill(255);
        values.forEach((value, i) => {
            const at = 3 * place(value, signed);
            pixels.set(table.subarray(at, at + 3), 4 * i);
        });
        return pixels;
    }

    /** @param {boolean} signed */
    scale(signed) {
        const values = Int8Array.from({ length: signed ? 255 : 128 }, (_, i) => (signed ? i - 127 : i));
        return this.pixels(values, signed);
    }
}

/** @param {string} text */
function tableOf(text) {
    const table = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    if (table.length !== 3 * COLOURS) throw new Error(`a table of ${table.length} bytes`);
    return table;
}

/**
 * Where a value lies in its table.
 * @param {number} value -127 to 127
 * @param {boolean} signed
 */
export function place(value, signed) {
    const share = signed ? (value + 127) / 254 : value / 127;
    return Math.round(Math.min(1, Math.max(0, share)) * (COLOURS - 1));
}
