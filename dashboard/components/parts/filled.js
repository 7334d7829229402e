// Sentences in several languages, with places for numbers and names.

/**
 * @param {string} sentence such as "Step {n} of {of}"
 * @param {Record<string, string | number>} values
 */
export function filled(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
