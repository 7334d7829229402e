// An image that is pasted goes where files are dropped, wherever the focus is.

const PLACE = '[class*="st-key-dropped"] input[type="file"], [class*="st-key-image_file"] input[type="file"]';

/** @param {ClipboardEvent} event */
function paste(event) {
    const image = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/")),
        place = /** @type {HTMLInputElement | null} */ (document.querySelector(PLACE));
    if (!image || !place) return;
    event.preventDefault();
    const files = new DataTransfer();
    files.items.add(image);
    place.files = files.files;
    place.dispatchEvent(new Event("change", { bubbles: true }));
}

export default () => {
    document.addEventListener("paste", paste); // once, however often it is asked for
    document.body.dataset.takesPastes = "true";
};
