// What the browser keeps of a membership: the secret by which the server knows the member again, for all tabs and after
// a restart of either; and, until somebody is a member, the token of the link that the page was opened with.

const SECRET = "actviz-class-secret",
    JOIN = "actviz-class-join";

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
