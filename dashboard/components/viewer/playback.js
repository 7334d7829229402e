// Which pictures are on the screen: the newest of each run, or those of the iteration that somebody looks back at.

/** @typedef {{ seq: number, pictures: Blob[], drawn: boolean }} Newest */

/**
 * @typedef {object} Screen
 * @property {(pictures: Blob[]) => Promise<ImageBitmap[]>} decode
 * @property {(run: string, bitmaps: ImageBitmap[], fresh: boolean) => void} draw fresh: they have just come
 * @property {(run: string, iteration: number) => Promise<Blob[]>} recorded
 */

export class Playback {
    /** @type {number | null} the iteration looked back at; null: the newest pictures are shown */
    scrubbed = null;
    /** @type {string[]} */
    runs = [];
    /** @type {Map<string, Newest>} */
    newest = new Map();
    fetching = false;

    /** @param {Screen} screen */
    constructor(screen) {
        this.screen = screen;
    }

    /**
     * Of runs that stay the newest pictures stay.
     * @param {string[]} runs
     */
    keep(runs) {
        this.runs = runs;
        for (const run of [...this.newest.keys()]) if (!runs.includes(run)) this.newest.delete(run);
    }

    /**
     * Pictures have come. Decoding takes its time: something newer, or the scrubber, may have come before.
     * @param {string} run
     * @param {number} seq of the message
     * @param {Blob[]} pictures
     */
    async receive(run, seq, pictures) {
        if ((this.newest.get(run)?.seq ?? -1) > seq) return;
        this.newest.set(run, { seq, pictures, drawn: false });
        if (this.scrubbed !== null) return;
        const bitmaps = await this.screen.decode(pictures),
            newest = this.newest.get(run);
        if (!newest || (newest.seq !== seq && newest.drawn) || this.scrubbed !== null) return;
        newest.drawn = true;
        this.screen.draw(run, bitmaps, true);
    }

    /** @param {number | null} iteration */
    async scrub(iteration) {
        this.scrubbed = iteration;
        if (this.fetching) return; // the one under way looks again when it is done
        this.fetching = true;
        do {
            iteration = this.scrubbed;
            await Promise.all(this.runs.map((run) => this.look(run, iteration)));
        } while (iteration !== this.scrubbed);
        this.fetching = false;
    }

    /**
     * @param {string} run
     * @param {number | null} iteration
     */
    async look(run, iteration) {
        try {
            const newest = this.newest.get(run)?.pictures ?? [],
                pictures = iteration === null ? newest : await this.screen.recorded(run, iteration),
                bitmaps = await this.screen.decode(pictures);
            if (this.runs.includes(run)) this.screen.draw(run, bitmaps, false);
        } catch (problem) {
            console.warn("viewer:", problem);
        }
    }
}
