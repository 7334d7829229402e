// How many sheets come a second, and how long after the camera's picture.

const WINDOW = 2000; // ms

export class Pace {
    /** @type {{ time: number, delay: number }[]} */
    answers = [];

    /**
     * @param {number} now ms
     * @param {number} seen ms, when the camera had the picture
     */
    add(now, seen) {
        this.answers.push({ time: now, delay: now - seen });
        while (this.answers[0].time < now - WINDOW) this.answers.shift();
    }

    /** Sheets a second; 0 while too few have come. */
    get rate() {
        const { answers } = this,
            span = answers.length > 2 ? answers[answers.length - 1].time - answers[0].time : 0;
        return span > 0 ? (1000 * (answers.length - 1)) / span : 0;
    }

    /** ms, the median. */
    get delay() {
        const delays = this.answers.map(({ delay }) => delay).sort((a, b) => a - b);
        return delays[delays.length >> 1] ?? 0;
    }

    clear() {
        this.answers = [];
    }
}
