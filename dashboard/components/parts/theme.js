// Streamlit's colours, read from the custom properties that it sets around a component.

export function themeOf(node) {
    const style = getComputedStyle(node);
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
        series: series.length
            ? series
            : ["#4c78a8", "#f58518", "#54a24b", "#e45756", "#72b7b2", "#b279a2", "#eeca3b", "#9d755d"],
    };
}

const DASHES = ["solid", "dot", "dash", "dashdot", "longdash", "longdashdot"];

// How the curve of one of a record's pictures is drawn. On a board all pictures of a column have its colour; elsewhere each has its own, and one alone the accent.
export function lineOf(theme, { colour, images }, image) {
    const place = colour ?? image,
        round = Math.floor(place / theme.series.length) + (colour === null ? 0 : image);
    return {
        colour: colour === null && images < 2 ? theme.primary : theme.series[place % theme.series.length],
        dash: DASHES[round % DASHES.length],
    };
}
