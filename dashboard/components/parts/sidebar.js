// Where the window is narrow (a phone, a page at 200 %), Streamlit's sidebar lies over the page: what there is to see
// uncovers itself.

const NARROW = "(max-width: 767.98px)"; // where Streamlit lets the sidebar lie over the page
const CLOSED = "[data-testid=stSidebar][data-collapsed=true]";
const EXPAND = "[data-testid=stExpandSidebarButton]";
const COLLAPSE = "[data-testid=stSidebarCollapseButton] button";

/** @param {HTMLElement} next takes the keyboard's focus over from what is covered then */
export function uncover(next) {
    const sidebar = document.querySelector("[data-testid=stSidebar][data-collapsed=false]");
    if (!sidebar || !matchMedia(NARROW).matches) return;
    const focused = sidebar.contains(document.activeElement);
    /** @type {HTMLElement | null} */ (sidebar.querySelector(COLLAPSE))?.click();
    if (focused) next.focus({ preventScroll: true });
}

/** Where it lies over the page and is closed: what is to be pressed is seen. */
export function reveal() {
    if (!matchMedia(NARROW).matches) return;
    /** @type {HTMLElement | null} */ (document.querySelector(EXPAND))?.click();
}

/**
 * Opens it where it is closed and the node lies in it; whether it did.
 * @param {Element} node
 */
export function open(node) {
    const button = /** @type {HTMLElement | null} */ (document.querySelector(EXPAND));
    if (!button || !node.closest(CLOSED)) return false;
    button.click();
    return true;
}
