// Gives the focus to a widget that is drawn soon, once what had the focus before is gone.

const PATIENCE = 5000; // ms

let served = 0;

/**
 * Streamlit's class of a widget's key.
 * @param {string} key
 */
const classOf = (key) => `st-key-${key.trim().replace(/[^a-zA-Z0-9_-]/g, "-")}`;

/**
 * @param {string} key
 * @param {number} until ms
 */
function focus(key, until) {
    const choice = `.${classOf(key)} :is(button, input, [tabindex="0"]):not(:disabled)`,
        widget = /** @type {HTMLElement | null} */ (document.querySelector(choice)),
        idle = document.activeElement === document.body;
    if (widget && idle) return widget.focus();
    if (performance.now() < until) requestAnimationFrame(() => focus(key, until));
}

/** @param {{ data: { turn: number, key: string } }} call */
export default ({ data: { turn, key } }) => {
    if (turn === served) return;
    served = turn;
    if (key) focus(key, performance.now() + PATIENCE);
};
