// What stands above the pictures: their title, and under it a sentence where something is wrong, with a way on.

/**
 * @import { Connection, ViewerEvent } from "../messages.js"
 * @import { Message } from "./problem.js"
 */

import { ConnectionBox } from "../parts/connection_box.js";
import { element, show } from "../parts/element.js";
import { speaker } from "../parts/speaker.js";

export class Notice {
    subject = "";
    /** @type {ViewerEvent | undefined} */
    event = undefined;
    box = new ConnectionBox();

    /**
     * @param {(event: ViewerEvent) => void} tell what the button asks of the page
     * @param {() => void} leave takes over the focus of what is gone
     */
    constructor(tell, leave) {
        this.leave = leave;
        this.title = element("span", { className: "av-title", "data-testid": "title" });
        this.sentence = element("span", { "data-testid": "banner-text" });
        this.remedy = element("button", { type: "button", className: "av-button", "data-testid": "remedy" });
        this.remedy.addEventListener("click", () => this.event && tell(this.event));
        this.banner = element("div", { className: "av-banner", "data-testid": "banner" }, this.sentence, this.remedy);
        this.node = element("div", { className: "av-strip" }, this.title, this.banner);
    }

    /**
     * @param {string} subject what the title is of, be it called otherwise by and by
     * @param {string} title
     * @param {Message | null} message null: nothing is wrong
     * @param {Connection} connection
     */
    update(subject, title, message, connection) {
        this.box.dismiss(connection !== "connected");
        const same = subject === this.subject;
        this.subject = subject;
        this.node.classList.toggle("av-told", Boolean(message) || (same && this.node.classList.contains("av-told")));
        show(this.title, title);
        if (this.title.title !== title) this.title.title = title; // where it does not fit
        if (message && message.text !== this.sentence.textContent) speaker.event(message.text, this);
        show(this.sentence, message?.text ?? "");
        show(this.remedy, message?.label ?? "");
        this.event = message?.event;
        const taken = document.activeElement === this.remedy;
        this.remedy.hidden = !message?.label;
        this.banner.hidden = !message;
        if (taken && this.remedy.hidden) this.leave();
    }

    close() {
        this.box.close();
        speaker.leave(this);
    }
}
