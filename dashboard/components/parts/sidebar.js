// Where the window is narrow (a phone, a page at 200 %), Streamlit's sidebar lies over the page: what there is to see uncovers itself.

const NARROW = "(max-width: 767.98px)"; // where Streamlit lets the sidebar lie over the page

// next: what takes the keyboard's focus over from what is covered then
export function uncover(next) {
    const sidebar = document.querySelector("[data-testid=stSidebar][data-collapsed=false]");
    if (!sidebar || !matchMedia(NARROW).matches) return;
    const focused = sidebar.contains(document.activeElement);
    sidebar.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
    if (focused) next.focus({ preventScroll: true });
}
