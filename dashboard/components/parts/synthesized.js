// A picture that is made on the server while one waits for it, as its poller reads it.

/** @typedef {{ header: { step: number, status: "running" | "finished" }, iterations: number, picture: Blob }} Made */

/**
 * @param {Response} answer with status 202 while it is being made
 * @returns {Promise<Made>}
 */
export async function decode(answer) {
    const number = (/** @type {string} */ name) => Number(answer.headers.get(name) ?? 0),
        status = answer.status === 202 ? "running" : "finished";
    const header = { step: number("X-Iteration"), status: /** @type {"running" | "finished"} */ (status) };
    return { header, iterations: number("X-Iterations"), picture: await answer.blob() };
}

/**
 * @param {string} status
 * @param {number} iteration
 * @param {number} iterations
 */
export function synthesisWords(status, iteration, iterations) {
    return status === "finished"
        ? "synthesized, without any image"
        : `being made, iteration ${iteration} of ${iterations}`;
}
