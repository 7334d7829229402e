// Brings what has been opened into view, and keeps it there while it grows, until somebody does anything else.

const OTHERWISE = ["wheel", "touchmove", "pointerdown", "keydown"];
const ABOVE = 60; // px, of the navigation

/**
 * @param {HTMLElement} node
 * @returns {() => void} ends it
 */
export function reveal(node) {
    const ending = new AbortController(),
        growth = new ResizeObserver(() => {
            const fits = node.offsetHeight + ABOVE <= window.innerHeight;
            node.scrollIntoView({ block: fits ? "nearest" : "start" });
        });
    const end = () => {
        growth.disconnect();
        ending.abort();
    };
    const options = { signal: ending.signal, capture: true, passive: true };
    for (const kind of OTHERWISE) document.addEventListener(kind, end, options);
    growth.observe(node);
    return end;
}
