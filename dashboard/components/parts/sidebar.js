// Where the window is narrow (a phone, a page at 200 %), Streamlit's sidebar lies over the page: what there is to see
// uncovers itself.

const NARROW = "(max-width: 767.98px)"; // where Streamlit lets the sidebar lie over the page
const COLLAPSE = "[data-testid=stSidebarCollapseButton] button";

/** @param {HTMLElement} next takes the keyboard's focus over from what is covered then */
export function uncover(next) {
    const sidebar = document.querySelector("[data-testid=stSidebar][data-collapsed=false]");
    if (!sidebar || !matchMedia(NARROW).matches) return;
    const focused = sidebar.contains(document.activeElement);
    /** @type {HTMLElement | null} */ (sidebar.querySelector(COLLAPSE))?.click();
    if (focused) next.focus({ preventScroll: true });
}
