// Whether another tab of this browser is a visitor: the tabs answer each other (tab.js).

const CHANNEL = "actviz-visitor",
    PATIENCE = 150; // ms

/** @param {string} token */
export function isTaken(token) {
    return new Promise((resolve) => {
        const channel = new BroadcastChannel(CHANNEL);
        /** @param {boolean} taken */
        const told = (taken) => {
            channel.close();
            resolve(taken);
        };
        channel.onmessage = ({ data }) => data.taken === token && told(true);
        setTimeout(() => told(false), PATIENCE);
        channel.postMessage({ asked: token });
    });
}
