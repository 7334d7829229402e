// Where the window is narrow (a phone, a page at 200 %), Streamlit's sidebar lies over the page: what there is to see uncovers itself.

const NARROW = "(max-width: 767.98px)"; // where Streamlit lets the sidebar lie over the page

export function uncover() {
    if (!matchMedia(NARROW).matches) return;
    document.querySelector("[data-testid=stSidebar][data-collapsed=false] [data-testid=stSidebarCollapseButton] button")?.click();
}
