// The channel that the page is told of. Of many keys in a row what it is told may be lost on the way, or an earlier one
// be heard last: it is told again until it says the same. What the page says of itself afterwards is followed.

const AGAIN = 3000; // ms

export class Choice {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    check = undefined;

    /**
     * @param {number | null} channel that the page knows
     * @param {(channel: number, turn: number) => void} tell the higher the turn, the newer the choice
     */
    constructor(channel, tell) {
        this.channel = channel;
        this.known = channel;
        this.tell = tell;
        this.turn = 0;
        this.open = false; // whether the page has not yet said what it was told last
    }

    /** @param {number} channel */
    set(channel) {
        if (this.channel === channel) return;
        this.channel = channel;
        this.say();
    }

    /**
     * What the page says; whether it was chosen elsewhere, as by a lesson's own field.
     * @param {number | null} channel
     */
    hear(channel) {
        this.known = channel;
        if (channel === this.channel) this.open = false;
        else if (this.open || channel === null) this.doubt();
        else {
            this.channel = channel;
            return true;
        }
        return false;
    }

    say() {
        if (this.channel === null) return;
        this.open = true;
        this.turn = Math.max(Date.now(), this.turn + 1);
        this.tell(this.channel, this.turn);
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
