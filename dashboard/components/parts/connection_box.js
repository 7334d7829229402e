// Streamlit's own box, "Connection error", would cover what a page says of the same, and keep all else from the
// keyboard and from screen readers. Closed by its own button it stays away until the connection is back.

const BUTTON = '[data-testid="stDialog"] button[aria-label="Close"]';

export class ConnectionBox {
    observer = new MutationObserver(dismiss);
    dismissed = false;

    /**
     * @param {boolean} told whether the page says itself that the server is out of reach
     */
    dismiss(told) {
        if (told === this.dismissed) return;
        this.dismissed = told;
        this.observer.disconnect();
        if (!told) return;
        this.observer.observe(document.body, { childList: true, subtree: true });
        dismiss();
    }

    close() {
        this.observer.disconnect();
    }
}

function dismiss() {
    /** @type {HTMLElement | null} */ (document.querySelector(BUTTON))?.click();
}
