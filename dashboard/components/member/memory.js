// What the browser keeps of a membership: the secret by which the server knows the member again, for all tabs and after
// a restart of either; and, until somebody is a member, the token of the link that the page was opened with.

const SECRET = "actviz-class-secret",
    JOIN = "actviz-class-join";

/** what the tab keeps its visitor under, and the event by which it says who that is (tab.js) */
export const VISITOR = "actviz-visitor";

/**
 * Whether the page behind that door is the tab's for good. One that was just reloaded is somebody new until the tab has
 * said who it was: joined as that one the class would have it begin again what is still going on.
 * @param {string} door
 */
export const isSettled = (door) => sessionStorage.getItem(VISITOR) === door.split("/").at(-1);

export const membership = {
    get secret() {
        return localStorage.getItem(SECRET) ?? "";
    },
    set secret(secret) {
        if (secret) localStorage.setItem(SECRET, secret);
        else localStorage.removeItem(SECRET);
    },
    get join() {
        return sessionStorage.getItem(JOIN) ?? "";
    },
    set join(token) {
        if (token) sessionStorage.setItem(JOIN, token);
        else sessionStorage.removeItem(JOIN);
    },
};
