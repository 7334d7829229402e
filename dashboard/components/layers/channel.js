// One channel beside the sheet: its map large over the picture, what a cell sees of it, and the pixels that drive it.

/**
 * @import { LayersData } from "../messages.js"
 * @import { Colours } from "../parts/colours.js"
 * @import { Spot } from "../parts/overlay.js"
 * @import { Field } from "./fields.js"
 * @import { Box } from "./placement.js"
 * @import { Sheet } from "./sheet.js"
 */

import { element, show } from "../parts/element.js";
import { beside, percent } from "../parts/numbers.js";
import { Overlay } from "../parts/overlay.js";
import { Scale } from "../parts/scale.js";
import { PEAK } from "./camera_words.js";
import { plain } from "./controls.js";
import { Fields } from "./fields.js";
import { recallLook, rememberLook } from "./memory.js";
import { Pixels } from "./pixels.js";
import { cellAt, rimmed } from "./placement.js";
import { inkOn, isSingle } from "./single.js";
import { cellWords, fieldWords } from "./words.js";

/**
 * @typedef {object} Look
 * @property {Sheet} sheet
 * @property {number} scale
 * @property {HTMLCanvasElement} picture
 * @property {Blob | null} frame
 * @property {boolean} moving
 * @property {boolean} live whether the scale is of the camera's last seconds
 */

/**
 * @typedef {object} Act
 * @property {() => void} close
 * @property {(start: "noise" | "image") => void} open
 * @property {() => void} explain
 */

const ONE = "One value for the whole picture.";

export class Channel {
    /** @type {number | null} */
    channel = null;
    /** @type {Look | null} */
    look = null;
    /** @type {Spot | null} */
    spot = null;

    /**
     * @param {LayersData} data
     * @param {Colours} colours
     * @param {Act} act
     */
    constructor({ door, size }, colours, act) {
        this.colours = colours;
        this.size = size;
        this.fields = new Fields(door);
        this.title = element("h3", { className: "al-title", "aria-live": "polite", "data-testid": "chosen" });
        this.overlay = new Overlay("this channel", size, (spot) => this.#point(spot));
        this.figure = element("div", { className: "al-figure", hidden: true, "data-testid": "figure" });
        this.theoretical = element("div", { className: "al-field al-theoretical", hidden: true });
        this.effective = element("div", { className: "al-field", hidden: true, "data-testid": "field" });
        this.overlay.node.append(this.theoretical, this.effective);
        this.scale = new Scale();
        this.value = element("p", { className: "al-note al-kept", "data-testid": "value" });
        this.pixels = new Pixels(door, size, colours);
        const range = { type: "range", min: 0, max: 1, step: 0.05, value: recallLook().opacity };
        this.slider = element("input", { ...range, className: "av-scrub", "data-testid": "opacity" });
        this.slider.addEventListener("input", () => this.#fade());
        this.opacity = element("label", { className: "al-opacity" }, "Opacity ", this.slider);
        this.node = this.#assemble(act);
        this.#fade();
    }

    /** @param {Act} act */
    #assemble({ close, open, explain }) {
        const shut = plain("close", "×", "Close (Esc)", close);
        shut.setAttribute("aria-label", "close the channel");
        return element(
            "aside",
            { className: "al-channel", "aria-label": "the channel looked at", "data-testid": "channel", hidden: true },
            element("div", { className: "al-head" }, this.title, shut),
            this.overlay.node,
            this.figure,
            this.scale.node,
            this.value,
            this.opacity,
            element(
                "div",
                { className: "al-buttons", role: "group", "aria-label": "this channel" },
                plain("maximize", "Maximize this", "In Explore, from noise", () => open("noise")),
                plain("maximize-image", "Maximize this, starting from this image", "In Explore", () => open("image")),
                plain("explain", "Explain this", "Where it comes from in this image", explain),
            ),
            this.pixels.node,
        );
    }

    #fade() {
        this.slider.setAttribute("aria-valuetext", percent(Number(this.slider.value)));
        this.node.style.setProperty("--ax-opacity", this.slider.value);
        rememberLook({ opacity: Number(this.slider.value) });
    }

    /** @param {number | null} channel */
    turn(channel) {
        if (channel === this.channel) return;
        this.channel = channel;
        this.node.hidden = channel === null;
        this.node.dataset.channel = channel === null ? "" : String(channel);
        this.pixels.forget();
        if (channel === null) return;
        show(this.title, `Channel ${channel}`);
        if (this.look) this.show(this.look);
    }

    /** @param {Look} look */
    show(look) {
        const another = this.look?.sheet.header.layer !== look.sheet.header.layer;
        this.look = look;
        if (another) this.#mark(null);
        const { channel } = this,
            { sheet, scale, frame, moving, picture, live } = look;
        if (channel === null || channel >= sheet.header.channels) return;
        const { layer } = sheet.header,
            name = sheet.header.names[channel];
        show(this.title, name ? `Class ${channel}: ${name}` : `Channel ${channel}`);
        this.#count(isSingle(sheet.header));
        for (const { picture: under } of [this.overlay, this.pixels.overlay])
            under.getContext("2d", { alpha: false })?.drawImage(picture, 0, 0, under.width, under.height);
        this.fields.learn(sheet.header, () => this.#draw());
        this.#draw();
        this.scale.draw({ top: scale, beyond: false, signed: true }, this.colours, live ? PEAK : "");
        this.#read();
        this.pixels.ask({ layer, channel, frame, moving });
    }

    /**
     * Of one cell there is no map to see: its number, on its colour.
     * @param {boolean} single
     */
    #count(single) {
        const { look, channel, figure } = this;
        this.overlay.node.hidden = this.opacity.hidden = single;
        figure.hidden = !single;
        if (!single || !look || channel === null) return;
        const { sheet, scale } = look,
            byte = scale ? Math.round((127 * sheet.peaks[channel]) / scale) : 0,
            colour = this.colours.pixels(Int8Array.of(byte), true).subarray(0, 3);
        show(figure, beside(sheet.peaks[channel], scale));
        Object.assign(figure.style, { background: `rgb(${colour.join()})`, color: inkOn(colour) });
    }

    /** The map where its cells see. */
    #draw() {
        if (!this.look || this.channel === null) return;
        const { sheet, scale } = this.look,
            { header, tops } = sheet,
            size = header.rows * header.columns,
            share = scale ? tops[this.channel] / scale : 0,
            values = sheet.values.subarray(this.channel * size, (this.channel + 1) * size).map((byte) => byte * share),
            rim = rimmed(values, this.fields.placement(header));
        const shown = { height: rim.rows, width: rim.columns, signed: true, words: "", error: "" };
        this.overlay.draw({ header: shown, values: rim.values }, this.colours);
        put(this.overlay.map, [rim.top, rim.left, rim.height, rim.width]);
    }

    /** @param {Spot | null} spot */
    #point(spot) {
        this.spot = spot;
        this.overlay.mark(spot);
        this.#read();
    }

    #read() {
        const { look, spot, channel } = this;
        this.value.setAttribute("aria-live", this.overlay.focused ? "polite" : "off");
        if (!look || !spot || channel === null) {
            this.#mark(null);
            const single = look && isSingle(look.sheet.header);
            return show(this.value, single ? ONE : "Point to the map: its value, and what it sees.");
        }
        const { layer, reduced } = look.sheet.header,
            { row, column } = cellAt(this.fields.placement(look.sheet.header), spot),
            said = cellWords(look.sheet, { channel, row, column });
        const place = { layer, row: row * reduced, column: column * reduced },
            field = this.fields.known.get([layer, place.row, place.column].join());
        show(this.value, field ? `${said}, ${fieldWords(field)}` : said);
        this.#mark(field ?? null);
        if (!field) this.fields.find(place, () => spot === this.spot && this.#read());
    }

    /** @param {Field | null} field */
    #mark(field) {
        this.theoretical.hidden = this.effective.hidden = field === null;
        if (!field) return;
        const [height, width] = this.size,
            shares = (/** @type {Box} */ box) => box.map((side, i) => side / (i % 2 ? width : height));
        put(this.theoretical, shares(field.theoretical));
        put(this.effective, shares(field.effective));
    }
}

/**
 * @param {HTMLElement} node
 * @param {number[]} box top, left, height and width, in shares of what it lies on
 */
function put(node, [top, left, height, width]) {
    const [up, right, tall, wide] = [top, left, height, width].map((share) => `${100 * share}%`);
    Object.assign(node.style, { inset: "auto", top: up, left: right, height: tall, width: wide });
}
