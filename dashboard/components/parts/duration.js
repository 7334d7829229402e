/**
 * How long something takes, as one says it.
 * @param {number} seconds
 */
export function duration(seconds) {
    const whole = Math.max(1, Math.round(seconds)),
        minutes = Math.floor(whole / 60);
    if (whole < 60) return `${whole} s`;
    return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
