// Streamlit's colours, read from the custom properties that it sets around a component.

const SERIES = ["#4c78a8", "#f58518", "#54a24b", "#e45756", "#72b7b2", "#b279a2", "#eeca3b", "#9d755d"];

/**
 * @typedef {object} Theme
 * @property {string} text
 * @property {string} background
 * @property {string} primary
 * @property {string} border
 * @property {string} font
 * @property {boolean} dark
 * @property {string[]} series colours of curves
 */

/**
 * @param {Element} node
 * @returns {Theme}
 */
export function themeOf(node) {
    const style = getComputedStyle(node);
    /** @type {(name: string, otherwise: string) => string} */
    const value = (name, otherwise) => style.getPropertyValue(`--st-${name}`).trim() || otherwise;
    const series = value("chart-categorical-colors", "")
        .split(",")
        .map((colour) => colour.trim())
        .filter(Boolean);
    return {
        text: value("text-color", "#222"),
        background: value("background-color", "#fff"),
        primary: value("primary-color", "#c60"),
        border: value("border-color", "#8884"),
        font: value("font", "sans-serif"),
        dark: style.colorScheme === "dark",
        series: series.length ? series : SERIES,
    };
}

/**
 * How a chart of Plotly's takes part in the theme.
 * @param {Theme} theme
 */
export function chartColours({ text, background, border, font }) {
    return {
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        hoverlabel: { bgcolor: background, bordercolor: border, font: { color: text, family: font } },
    };
}

const DARK = "(prefers-color-scheme: dark)",
    SOON = 3000; // ms in which the page follows its system

/**
 * Tells when the page has become dark or light with its system. Returns what ends that.
 * @param {Element} node
 * @param {{ theme: Theme }} drawn what is drawn, with its theme
 * @param {() => void} changed
 */
export function watchTheme(node, drawn, changed) {
    const media = matchMedia(DARK),
        look = (/** @type {number} */ until) => {
            if (themeOf(node).background !== drawn.theme.background) changed();
            else if (performance.now() < until) requestAnimationFrame(() => look(until));
        },
        turned = () => look(performance.now() + SOON);
    media.addEventListener("change", turned);
    return () => media.removeEventListener("change", turned);
}
