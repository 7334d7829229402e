// The Save menu: disabled until there is something to save, its links absent until they work.

import { button, element } from "../parts/element.js";
import { download, Saving } from "../parts/saving.js";

// [file, testid, on the menu, within a sentence]; without the last, a plain download that is there at once
export const SAVES = [
    ["picture.png", "save-png", "Picture (PNG, with its recipe)"],
    ["run.gif", "save-gif", "Animation (GIF)", "the GIF"],
    ["run.webp", "save-webp", "Animation (WebP, smaller)", "the WebP animation"],
    ["run.mp4", "save-mp4", "Animation (MP4, smallest)", "the MP4 video"],
    ["curves.csv", "save-csv", "Curves (CSV)"],
    ["recipe.json", "save-recipe", "Recipe (JSON)"],
    ["run.link", "copy-link", "Copy link (with all changes)"],
];
export const BOARD_SAVES = [
    ["comparison.png", "save-sheet", "Contact sheet (PNG, with all recipes)", "the contact sheet"],
    ["comparison.gif", "save-gif", "Animation in step (GIF)", "the GIF"],
    ["comparison.webp", "save-webp", "Animation in step (WebP, smaller)", "the WebP animation"],
    ["comparison.mp4", "save-mp4", "Animation in step (MP4, smallest)", "the MP4 video"],
    ["comparison.csv", "save-csv", "Curves (CSV)"],
    ["comparison.link", "copy-link", "Copy link (with all changes)"],
];
const OF_ITERATION = ["picture.png", "recipe.json", "run.link"];
const SHOWN = "shown.png";
export const HERE = [[SHOWN, "save-shown", "Picture as shown (PNG, without its recipe)"]]; // what is left while the server is out of reach
const NOTHING = [];

export class SaveMenu {
    // picture() -> {canvas, name} of what is shown
    constructor(picture) {
        this.picture = picture;
        this.saving = new Saving();
        this.offered = NOTHING;
        this.open = button("save", "Save", "Save pictures, curves, animation or recipe", () =>
            this.toggle(this.list.hidden),
        );
        this.open.setAttribute("aria-haspopup", "true");
        this.list = element("div", { className: "av-menu", role: "group", "aria-label": "Save", tabIndex: -1 }); // some browsers focus no link that is clicked
        this.node = element("div", { className: "av-save" }, this.open, this.list);
        this.node.addEventListener("focusout", (event) => {
            if (!this.node.contains(event.relatedTarget)) this.toggle(false);
        });
        this.node.addEventListener("keydown", (event) => {
            if (event.key === "Escape" && !this.list.hidden) this.leave();
        });
        this.offer(NOTHING, "", "");
        this.toggle(false);
    }

    // files: where they lie; query: what is asked of a picture
    offer(saves, files, query) {
        if (saves !== this.offered) this.list.replaceChildren(...saves.map((save) => this.link(...save)));
        this.offered = saves;
        for (const link of this.list.children)
            link.href = `${files}/save/${link.dataset.file}${OF_ITERATION.includes(link.dataset.file) ? query : ""}`;
        this.open.disabled = !saves.length;
        if (!saves.length) this.toggle(false);
    }

    withdraw() {
        this.offer(NOTHING, "", "");
    }

    link(file, testid, text, what) {
        const link = element("a", { "data-testid": testid, "data-file": file, download: "" }, text);
        link.addEventListener("click", (event) => {
            if (what || file === SHOWN || testid === "copy-link") event.preventDefault();
            if (testid === "copy-link") this.saving.copy(link.getAttribute("href"));
            if (what) this.saving.follow(link.getAttribute("href"), what);
            if (file === SHOWN) this.keep();
            this.leave();
        });
        return link;
    }

    keep() {
        const { canvas, name } = this.picture();
        canvas.toBlob((blob) => download(blob, `${name.replace(/[^\w.]+/g, "-")}.png`));
    }

    leave() {
        this.open.focus();
        this.toggle(false);
    }

    toggle(open) {
        this.list.hidden = !open;
        this.open.setAttribute("aria-expanded", open);
        if (open) this.open.focus();
    }

    close() {
        this.saving.close();
    }
}
