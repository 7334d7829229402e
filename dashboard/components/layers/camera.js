// The camera: its newest picture, cropped to the network's proportions. It is switched off when the page is hidden or
// left.

import { element } from "../parts/element.js";
import { cameraWords, HIDDEN, isGone, NO_HTTPS, STALLED, UNPLUGGED } from "./camera_words.js";

const SILENCE = 4000; // ms without a picture
const CHOSEN = "actviz-camera"; // in the tab's store: the camera that was chosen

/**
 * @typedef {object} Seen
 * @property {() => void} frame there is another picture
 * @property {(problem: string) => void} ended it is off, and why: "": somebody has switched it off
 */

export class Camera {
    /** @type {MediaStream | null} */
    stream = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    silence = undefined;
    starting = 0;

    /** @param {Seen} seen */
    constructor(seen) {
        this.seen = seen;
        this.video = element("video", { muted: true, playsInline: true, "aria-hidden": "true" });
        this.hide = () => document.visibilityState === "hidden" && this.stream && this.#end(HIDDEN);
        document.addEventListener("visibilitychange", this.hide);
    }

    get on() {
        return this.stream !== null;
    }

    /** Whether its pictures are of who looks at them, who expects a mirror. */
    get mirrored() {
        return this.stream?.getVideoTracks()[0]?.getSettings().facingMode !== "environment";
    }

    /** @param {string} [device] */
    async start(device = sessionStorage.getItem(CHOSEN) ?? "") {
        this.stop();
        const turn = ++this.starting;
        if (!window.isSecureContext || !navigator.mediaDevices) return this.seen.ended(NO_HTTPS);
        try {
            const stream = await opened(device);
            if (turn !== this.starting) return stop(stream);
            this.stream = stream;
            sessionStorage.setItem(CHOSEN, device);
            this.video.srcObject = stream;
            const [track] = stream.getVideoTracks();
            track.addEventListener("ended", () => stream === this.stream && this.#end(UNPLUGGED));
            this.#listen(stream);
            await this.video.play();
            if (document.visibilityState === "hidden") this.hide();
        } catch (problem) {
            console.info("camera:", problem);
            if (turn === this.starting) this.#end(cameraWords(problem));
        }
    }

    /** @param {MediaStream} stream */
    #listen(stream) {
        clearTimeout(this.silence);
        this.silence = setTimeout(() => this.#end(STALLED), SILENCE);
        this.video.requestVideoFrameCallback(() => {
            if (stream !== this.stream) return;
            this.#listen(stream);
            this.seen.frame();
        });
    }

    /**
     * Draws what it sees now, as large as the canvas; of its middle, what has the canvas's proportions. A mirror where
     * people look at themselves: so the maps lie as the picture does, and what is kept is what was seen.
     * @param {HTMLCanvasElement} canvas
     */
    draw(canvas) {
        const { videoWidth, videoHeight } = this.video,
            share = Math.min(videoWidth / canvas.width, videoHeight / canvas.height),
            [width, height] = [share * canvas.width, share * canvas.height];
        const context = canvas.getContext("2d", { alpha: false });
        if (!context || !share) return;
        context.imageSmoothingQuality = "medium";
        const [left, top] = [(videoWidth - width) / 2, (videoHeight - height) / 2];
        if (this.mirrored) context.setTransform(-1, 0, 0, 1, canvas.width, 0);
        context.drawImage(this.video, left, top, width, height, 0, 0, canvas.width, canvas.height);
        context.resetTransform();
    }

    /** Those that there are; browsers name them once one was allowed. */
    async devices() {
        const devices = await navigator.mediaDevices.enumerateDevices();
        return devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId);
    }

    get device() {
        return this.stream?.getVideoTracks()[0]?.getSettings().deviceId ?? "";
    }

    /** @param {string} problem */
    #end(problem) {
        this.stop();
        this.seen.ended(problem);
    }

    stop() {
        this.starting++;
        clearTimeout(this.silence);
        if (this.stream) stop(this.stream);
        this.stream = this.video.srcObject = null;
    }

    close() {
        document.removeEventListener("visibilitychange", this.hide);
        this.stop();
    }
}

/**
 * The chosen camera, or any other one where that is gone.
 * @param {string} device
 */
async function opened(device) {
    const size = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
        any = { video: { ...size, facingMode: "user" } };
    if (!device) return navigator.mediaDevices.getUserMedia(any);
    try {
        return await navigator.mediaDevices.getUserMedia({ video: { ...size, deviceId: { exact: device } } });
    } catch (problem) {
        if (!isGone(problem)) throw problem;
        return navigator.mediaDevices.getUserMedia(any);
    }
}

/** @param {MediaStream} stream */
function stop(stream) {
    for (const track of stream.getTracks()) track.stop();
}
