// Numbers as the page says them.

const NOTHING = /^-(?=[0.]+$)/; // the sign of what is rounded to zero

/**
 * Digits with a minus sign, which a hyphen is not, and with the decimal sign of a language.
 * @param {string} digits
 * @param {string} [decimal]
 */
export function written(digits, decimal = ".") {
    return digits.replace(NOTHING, "").replaceAll("-", "−").replace(".", decimal);
}

/**
 * Three digits that count.
 * @param {number} value
 * @param {string} [decimal]
 */
export function number(value, decimal) {
    if (!value) return "0";
    const size = Math.abs(value);
    if (size >= 1e5 || size < 1e-3) return written(value.toExponential(2).replace("e+", "e"), decimal);
    return written(value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(size)))), decimal);
}

/**
 * As `number`; 0 where it is nothing beside the largest of those that stand there too.
 * @param {number} value
 * @param {number} largest
 * @param {string} [decimal]
 */
export function beside(value, largest, decimal) {
    return number(Math.abs(value) < Math.abs(largest) / 1e4 ? 0 : value, decimal);
}

/**
 * With no more digits than are known of it.
 * @param {number} value
 * @param {number} step from one number that it could be to the next
 */
export function rounded(value, step) {
    if (!value || !step) return number(value);
    const digits = Math.ceil(-Math.log10(step) - 1e-9);
    if (digits > 4 || digits < 0) return number(value);
    return written(value.toFixed(digits));
}

/**
 * @param {number} share 0 to 1
 */
export function percent(share) {
    const hundredths = 100 * share;
    if (hundredths > 0 && hundredths < 0.1) return "< 0.1 %";
    return `${hundredths.toFixed(hundredths < 99.95 ? 1 : 0)} %`;
}

/**
 * What the ends of a scale stand for.
 * @param {{ top: number, beyond: boolean, signed: boolean }} header
 * @param {string} [of] what the number at the end is the largest of, where that is not what is shown
 */
export function scaleWords({ top, beyond, signed }, of = "") {
    const high = number(top);
    return [signed ? number(-top) : "0", beyond ? `${high} and more` : of ? `${high}, ${of}` : high];
}
