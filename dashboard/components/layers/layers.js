// Layers: every channel's map of a layer as one sheet, of the visitor's image or of what the camera sees, and one
// channel beside it.

/**
 * @import { Call, LayersData, LayersEvent } from "../messages.js"
 * @import { Cell, Sheet } from "./sheet.js"
 */

import { Colours } from "../parts/colours.js";
import { element } from "../parts/element.js";
import { keyboard } from "../parts/keys.js";
import { Mounts } from "../parts/mounts.js";
import { Queue } from "../parts/queue.js";
import { uncover } from "../parts/sidebar.js";
import { Bar } from "./bar.js";
import { Channel } from "./channel.js";
import { Classes } from "./classes.js";
import { Order } from "./order.js";
import { shortcuts } from "./shortcuts.js";
import { isSingle } from "./single.js";
import { Source } from "./source.js";
import { Strongest } from "./strongest.js";
import { View } from "./view.js";
import { cellWords, channelWords, sizeWords } from "./words.js";

/** @type {Mounts<Layers>} */
const mounted = new Mounts();

/** @param {Call<LayersData>} call */
export function mount({ parentElement, data, setTriggerValue }) {
    let layers = mounted.at(parentElement);
    if (!layers?.shows(data)) {
        const another = layers !== undefined && layers.data.version !== data.version;
        layers?.close();
        layers = mounted.put(parentElement, new Layers(parentElement, data));
        if (another) uncover(layers.root); // an image was chosen: its maps come by themselves
    }
    layers.queue.send = (event) => setTriggerValue("event", event);
    layers.hear(data);
}

/** @param {HTMLElement} parentElement */
export function unmount(parentElement) {
    mounted.remove(parentElement);
}

const NOTHING = "Choose an image in the sidebar, or start the camera: every channel of the layer answers to it.";

class Layers {
    /** @type {Queue<LayersEvent>} */
    queue = new Queue();
    order = new Order();
    classes = new Classes();
    strongest = new Strongest();
    /** @type {Sheet | null} that is shown */
    sheet = null;
    /** @type {Cell | null} that is pointed to */
    cell = null;
    sheets = 0;

    /**
     * @param {HTMLElement} parent
     * @param {LayersData} data
     */
    constructor(parent, data) {
        this.data = data;
        this.layer = data.layer;
        this.colours = new Colours(data.colours);
        this.bar = new Bar(data, {
            layer: (layer) => this.#want(layer),
            sort: () => this.#draw(),
            scale: () => this.#draw(),
        });
        this.view = new View(this.colours.diverging, {
            point: (cell) => this.#point(cell),
            pass: (channel) => this.#read(channel),
            choose: (channel) => this.#choose(channel),
        });
        this.panel = new Channel(data, this.colours, {
            close: () => this.#choose(null),
            open: (start) => this.#open(start),
            explain: () => this.#explain(),
        });
        this.source = new Source(data, {
            sheet: (sheet) => this.#show(sheet),
            picture: () => this.#picture(),
            kept: () => this.queue.put({ kind: "frame" }),
            unknown: () => this.queue.put({ kind: "reopen" }),
        });
        this.root = this.#assemble();
        parent.append(this.root);
        this.panel.turn(data.channel);
        this.root.classList.toggle("al-open", data.channel !== null);
        this.bar.turn(this.layer);
        this.keys = this.#keys();
        keyboard.add(this.keys);
        this.source.begin();
    }

    #keys() {
        return shortcuts({
            layer: (by) => this.bar.step(by),
            channel: (by) => this.#next(by),
            sort: () => this.bar.nextOrder(),
            scale: () => this.bar.nextScale(),
            freeze: () => this.source.controls.toggle(),
            freezes: () => this.source.live.on,
            close: () => this.#choose(null),
            closes: () => this.root.classList.contains("al-open"),
        });
    }

    #assemble() {
        const { stage, controls, problems } = this.source;
        this.empty = element("p", { className: "al-nothing" }, NOTHING);
        const sheet = [this.bar.node, problems.node, this.empty, this.view.node, this.strongest.node],
            seen = element("div", { className: "al-seen" }, stage.node, this.classes.node),
            side = element("div", { className: "al-side" }, seen, controls.node, this.panel.node),
            main = element("div", { className: "al-main" }, ...sheet);
        const root = element(
            "section",
            { className: "av-viewer al-layers", "data-testid": "layers", "aria-label": "layers", tabIndex: -1 },
            element("div", { className: "al-layout" }, main, side),
        );
        root.style.setProperty("--av-height", this.data.tall);
        return root;
    }

    /**
     * Whether this is what it shows: the same image, for the same network.
     * @param {LayersData} data
     */
    shows({ door, version, network, size }) {
        const { data } = this,
            of = (/** @type {unknown[]} */ ...parts) => parts.join();
        return of(door, version, network, size) === of(data.door, data.version, data.network, data.size);
    }

    /** @param {LayersData} data */
    hear(data) {
        this.data = data;
        this.queue.answer(data.turn);
        if (!this.queue.holds("layer") && data.layer !== this.layer) this.#turn(data.layer);
        if (!this.queue.holds("channel") && !this.queue.holds("layer")) this.#look(data.channel);
        this.view.draw(); // in the colours of the page by now
    }

    /**
     * Somebody wants another layer.
     * @param {string} layer
     */
    #want(layer) {
        if (layer === this.layer) return;
        this.#look(null); // its number is another unit's there
        this.#turn(layer);
        this.queue.put({ kind: "layer", layer });
    }

    /** @param {string} layer */
    #turn(layer) {
        this.layer = layer;
        this.cell = null;
        this.bar.turn(layer);
        this.bar.read("", false);
        this.root.setAttribute("aria-busy", String(this.source.there));
        this.source.turn(layer);
    }

    /** @param {Sheet} sheet */
    #show(sheet) {
        if (sheet.header.layer !== this.layer) return;
        this.sheet = sheet;
        this.classes.show(sheet.header.classes);
        this.bar.tell(sizeWords(sheet.header));
        this.root.setAttribute("aria-busy", "false");
        Object.assign(this.root.dataset, { layer: sheet.header.layer, sheets: String(++this.sheets) });
        this.#draw();
    }

    /** In the order and the colours that are set: no pass through the network. */
    #draw() {
        const { sheet, source, bar, view } = this,
            { history } = source.live;
        if (!sheet) return;
        bar.offerChange(source.live.on);
        bar.bind(isSingle(sheet.header));
        const when = { moving: source.moving, held: view.hovered !== null, now: performance.now() },
            before = this.order.list;
        this.order.update(bar.by, sheet, history, when);
        this.tops = source.live.on ? history.tops(sheet) : sheet.tops;
        if (bar.common)
            this.tops = new Float32Array(this.tops.length).fill(this.tops.reduce((a, b) => Math.max(a, b), 0));
        const { list: order, numbers } = this.order;
        view.show({ sheet, order, numbers, scales: this.tops, chosen: this.panel.channel });
        if (order !== before) this.strongest.show(sheet);
        view.node.dataset.order = order.slice(0, 10).join();
        this.#measure();
        if (this.cell) this.#point(this.cell);
        this.#enlarge();
    }

    /** The number at the end of the colours: of all, or of the channel that is pointed to or looked at. */
    #measure() {
        const channel = this.cell?.channel ?? this.panel.channel ?? null;
        if (!this.tops) return;
        const top = this.bar.common ? this.tops[0] : channel === null ? null : this.tops[channel];
        this.bar.measure(this.colours, top, this.source.live.on);
    }

    /** The channel beside the sheet. */
    #enlarge() {
        const { sheet, panel, source } = this,
            scale = this.tops?.[panel.channel ?? 0] ?? 0;
        if (!sheet || panel.channel === null) return;
        const { frame, moving, live, stage } = source;
        panel.show({ sheet, scale, picture: stage.canvas, frame, moving, live: live.on });
    }

    /** Another picture, or none. */
    #picture() {
        const { there } = this.source;
        this.view.node.hidden = !there;
        if (this.empty) this.empty.hidden = there;
        this.#draw();
    }

    /** @param {Cell | null} cell */
    #point(cell) {
        this.cell = cell;
        this.#measure();
        if (!cell || !this.sheet) return this.bar.read("", false);
        const { channel } = cell;
        const value = isSingle(this.sheet.header) ? [] : [cellWords(this.sheet, cell)];
        this.bar.read([this.#words(channel), ...value].join(" · "), false);
    }

    /** @param {number} channel that the keys have come to */
    #read(channel) {
        this.bar.read(this.#words(channel), true);
    }

    /** @param {number} channel */
    #words(channel) {
        if (!this.sheet) return "";
        const { list, numbers } = this.order;
        return channelWords(this.sheet, channel, list.indexOf(channel), { by: this.bar.by, numbers });
    }

    /** @param {number | null} channel */
    #choose(channel) {
        if (channel === this.panel.channel) return;
        const { node } = this.panel,
            focused = node.contains(document.activeElement);
        this.#look(channel);
        if (focused && channel === null) this.view.node.focus({ preventScroll: true });
        const below = getComputedStyle(node.parentElement ?? node).display === "contents"; // on a phone
        if (channel !== null && below) node.scrollIntoView({ block: "start" });
        this.queue.put({ kind: "channel", layer: this.layer, channel });
    }

    /** @param {number | null} channel */
    #look(channel) {
        if (channel === this.panel.channel) return;
        this.panel.turn(channel);
        this.root.classList.toggle("al-open", channel !== null);
        if (channel !== null) this.view.go(channel);
        this.#draw();
    }

    /** @param {-1 | 1} by in the order of the sheet */
    #next(by) {
        const { channel } = this.panel,
            next = channel === null ? this.order.list[0] : this.order.after(channel, by);
        if (next !== undefined) this.#choose(next);
    }

    /** @param {"noise" | "image"} start */
    async #open(start) {
        const { channel } = this.panel,
            { layer } = this;
        if (channel === null || (start === "image" && !(await this.source.keep()))) return;
        this.queue.put({ kind: "open", layer, channel, start });
    }

    async #explain() {
        const { channel } = this.panel,
            { layer } = this;
        if (channel === null || !(await this.source.keep())) return;
        this.queue.put({ kind: "explain", layer, channel });
    }

    close() {
        this.queue.close();
        keyboard.remove(this.keys);
        this.strongest.close();
        this.source.close();
        this.view.close();
        this.root.remove();
    }
}
