// How to join: the link as a QR code, the address and the code to type, large enough for the last row.

import { element, show } from "../parts/element.js";
import { spaced } from "./words.js";

const MARGIN = 4; // modules, as the standard asks for

export class Invitation {
    drawn = "";

    constructor() {
        this.canvas = element("canvas", { className: "ac-qr", role: "img", "data-testid": "qr" });
        this.canvas.setAttribute("aria-label", "The link to join the class, as a QR code");
        this.address = element("p", { className: "ac-address", "data-testid": "address" });
        this.code = element("p", { className: "ac-code", "data-testid": "code" });
        const words = element("div", {}, this.address, this.code);
        this.root = element("section", { className: "ac-invitation", "aria-label": "How to join" }, this.canvas, words);
    }

    /**
     * @param {string} address
     * @param {string} code
     * @param {string[]} rows of the QR code: "1" is dark
     */
    update(address, code, rows) {
        show(this.address, address);
        show(this.code, spaced(code));
        if (rows.join() === this.drawn) return;
        this.drawn = rows.join();
        const side = rows.length + 2 * MARGIN,
            context = this.canvas.getContext("2d");
        Object.assign(this.canvas, { width: side, height: side });
        if (!context) return;
        context.fillStyle = "#ffffff"; // whatever the theme: cameras want dark on light
        context.fillRect(0, 0, side, side);
        context.fillStyle = "#000000";
        rows.forEach((row, y) =>
            [...row].forEach((module, x) => module === "1" && context.fillRect(x + MARGIN, y + MARGIN, 1, 1)),
        );
    }
}
