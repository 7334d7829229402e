// What the network sees: the camera, as a mirror, or a picture, as it is.

import { element, show } from "../parts/element.js";

export class Stage {
    turn = 0;

    /**
     * @param {[height: number, width: number]} size of the network's pictures
     * @param {HTMLVideoElement} video
     */
    constructor([height, width], video) {
        this.video = video;
        video.className = "al-video";
        this.canvas = element("canvas", { height, width, role: "img", "aria-label": "what the network sees" });
        this.dot = element("span", { className: "al-dot", hidden: true, "data-testid": "dot" }, "camera on");
        this.empty = element("span", { className: "al-empty" }, "no image yet");
        this.node = element(
            "div",
            { className: "al-stage", "data-testid": "stage" },
            ...[this.canvas, video, this.empty, this.dot],
        );
        this.node.style.aspectRatio = `${width} / ${height}`;
    }

    /**
     * @param {{ on: boolean, mirrored: boolean, frozen: boolean }} camera
     * @param {boolean} there whether there is any picture
     */
    mark({ on, mirrored, frozen }, there) {
        this.dot.hidden = !on;
        this.video.hidden = !on || frozen;
        this.empty.hidden = there;
        this.canvas.style.visibility = there ? "" : "hidden";
        this.node.classList.toggle("al-mirror", mirrored);
        show(this.dot, frozen ? "camera on, frozen" : "camera on");
    }

    /** @param {CanvasImageSource} picture */
    draw(picture) {
        this.turn++;
        this.#put(picture);
    }

    /** @param {CanvasImageSource} picture */
    #put(picture) {
        const context = this.canvas.getContext("2d", { alpha: false });
        context?.drawImage(picture, 0, 0, this.canvas.width, this.canvas.height);
    }

    /**
     * Whether it is drawn now: nothing else came meanwhile.
     * @param {Blob} frame
     */
    async decode(frame) {
        const turn = ++this.turn,
            picture = await createImageBitmap(frame);
        const wanted = turn === this.turn;
        if (wanted) this.#put(picture);
        picture.close();
        return wanted;
    }
}
