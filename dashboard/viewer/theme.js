// Streamlit's colours, read from the custom properties that it sets around a component.

export function themeOf(node) {
    const style = getComputedStyle(node);
    const value = (name, otherwise) => style.getPropertyValue(`--st-${name}`).trim() || otherwise;
    const series = value("chart-categorical-colors", "").split(",").map((colour) => colour.trim()).filter(Boolean);
    return {
        text: value("text-color", "#222"),
        background: value("background-color", "#fff"),
        primary: value("primary-color", "#c60"),
        border: value("border-color", "#8884"),
        font: value("font", "sans-serif"),
        dark: style.colorScheme === "dark",
        series: series.length ? series : ["#4c78a8", "#f58518", "#54a24b", "#e45756", "#72b7b2", "#b279a2", "#eeca3b", "#9d755d"],
    };
}

// The colour of the index-th picture's curve; one picture alone takes the accent.
export const colourOf = (theme, index, count) => (count > 1 ? theme.series[index % theme.series.length] : theme.primary);
