// The channel that the page is told of. Of many keys in a row what it is told may be lost on the way, or an earlier one
// be heard last: it is told again until it says the same.

const AGAIN = 3000; // ms

export class Choice {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    check = undefined;

    /**
     * @param {number | null} channel that the page knows
     * @param {(channel: number) => void} tell
     */
    constructor(channel, tell) {
        this.channel = channel;
        this.known = channel;
        this.tell = tell;
    }

    /** @param {number} channel */
    set(channel) {
        if (this.channel === channel) return;
        this.channel = channel;
        this.say();
    }

    /**
     * What the page says.
     * @param {number | null} channel
     */
    hear(channel) {
        this.known = channel;
        if (channel !== this.channel) this.doubt();
    }

    say() {
        if (this.channel === null) return;
        this.tell(this.channel);
        this.doubt();
    }

    doubt() {
        clearTimeout(this.check);
        this.check = setTimeout(() => this.known === this.channel || this.say(), AGAIN);
    }

    close() {
        clearTimeout(this.check);
    }
}
