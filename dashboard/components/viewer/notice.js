// What stands above the pictures: their title, and under it a sentence where something is wrong, with a way on.

import { element, show } from "../parts/element.js";

export class Notice {
    // tell(event): what the button asks of the page; leave(): takes over the focus of what is gone
    constructor(tell, leave) {
        this.leave = leave;
        this.title = element("span", { className: "av-title", "data-testid": "title" });
        this.sentence = element("span", { "data-testid": "banner-text" });
        this.remedy = element("button", { type: "button", className: "av-button", "data-testid": "remedy" });
        this.remedy.addEventListener("click", () => tell(this.event));
        this.banner = element(
            "div",
            { className: "av-banner", role: "alert", "data-testid": "banner" },
            this.sentence,
            this.remedy,
        );
        this.node = element("div", { className: "av-strip" }, this.title, this.banner);
    }

    // subject: what the title is of, be it called otherwise by and by; message: {text, label, event}, without label and event where there is no way on;
    // null: nothing is wrong
    update(subject, title, message) {
        const same = subject === this.subject;
        this.subject = subject;
        this.node.classList.toggle("av-told", Boolean(message) || (same && this.node.classList.contains("av-told")));
        show(this.title, title);
        if (this.title.title !== title) this.title.title = title; // where it does not fit
        show(this.sentence, message?.text ?? "");
        show(this.remedy, message?.label ?? "");
        this.event = message?.event;
        const taken = document.activeElement === this.remedy;
        this.remedy.hidden = !message?.label;
        this.banner.hidden = !message;
        if (taken && this.remedy.hidden) this.leave();
    }
}

// heir: whether and why this page is another visitor's by now ("restarted", "away"; "" as long as nobody knows); board: whether the runs belong together;
// across: of a sweep, which only starts again as what `again` says
export function messageOf(records, connection, { heir, board, across, again }) {
    if (!records.length) return null;
    if (connection === "ended")
        return {
            text: lost(records.length > 1, heir),
            ...(heir && (!across || again)
                ? { label: "Start again", event: { kind: "again", run: "", of: again } }
                : {}),
        };
    if (connection === "unreachable")
        return { text: "The connection is lost; trying again. Nothing is lost while the server runs." };
    const ill = records.find(({ header }) => header.diagnosis || header.error);
    if (!ill) return null;
    const { diagnosis, error } = ill.header,
        whose = records.length > 1 ? `${ill.title}: ` : "";
    const remedy = !board && diagnosis?.remedy;
    return {
        text: whose + (diagnosis?.text ?? error),
        ...(remedy ? { label: diagnosis.label || remedy, event: { kind: "remedy", run: ill.key, remedy } } : {}),
    };
}

function lost(several, heir) {
    const why =
        { restarted: "The server was restarted: ", away: "You were away too long: " }[heir] ??
        "The server no longer knows this page: ";
    return (
        why +
        (several
            ? "runs and histories are lost; settings and these pictures are kept here."
            : "run and history are lost; settings and this picture are kept here.")
    );
}
