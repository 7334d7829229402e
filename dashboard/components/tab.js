// The tab keeps its visitor's token for as long as it lives: reloaded, it is the same visitor again. A duplicated tab
// begins with a copy of what is kept, so it first asks the other tabs whether one of them is that visitor.

/** @import { Call } from "./messages.js" */

const KEPT = "actviz-visitor";
const SHORT = 150,
    LONG = 2000; // ms for the other tabs to answer; long where the server still has a connection to that visitor
const FRAMES = 60; // in which the viewer of a page that was drawn is the visitor's, if ever
const STATE = "data-test-connection-state";
const OURS = Symbol.for("actviz");
const UNSETTLED = "av-unsettled"; // drawn for somebody new, the page will be for whom the tab was before (page.css)
const SETTLED = "av-settled"; // it has been drawn for whom the tab is, once since it was loaded

const channel = new BroadcastChannel(KEPT);

/** @type {string | null} */
let mine = null;
/** @type {string | null} */
let asking = null;
/** @type {(other: string) => void} */
let heard = () => {};
let returned = () => {};
/** @type {(name: string, value: string) => void} of the page that is there by now: another may come meanwhile */
let tell = () => {};

// What changes on a page changes its address; only another page is an entry of the browser's history, and another step
// of a lesson, which is read like one. Streamlit pushes all.
if (!Object.hasOwn(history.pushState, OURS)) {
    const push = history.pushState.bind(history),
        replace = history.replaceState.bind(history);
    /** @type {typeof history.pushState} */
    const ours = (state, title, address) => {
        const there = new URL(address ?? "", location.href);
        (placeOf(there) === placeOf(location) ? replace : push)(state, title, address);
    };
    history.pushState = Object.assign(ours, { [OURS]: true });
}

// A connection that has come back may be another server's, which knows nothing of this page until it has been drawn: it
// would take no notice of the first click.
new MutationObserver((changes) => {
    const back = changes.some(({ target }) => target instanceof Element && target.getAttribute(STATE) === "CONNECTED");
    if (back) returned();
}).observe(document.body, { subtree: true, attributeFilter: [STATE] });

// Whose the whole page is by now stands at its root (tab.py): its end may be drawn before this script is there.
window.addEventListener("actviz-drawn", () => requestAnimationFrame(() => settle()));

/** @param {URL | Location} address */
function placeOf({ pathname, search }) {
    const asked = new URLSearchParams(search);
    return [pathname, ...["lesson", "step", "quiz"].map((name) => asked.get(name) ?? "")].join();
}

channel.onmessage = (/** @type {MessageEvent<{ asked?: string, taken?: string }>} */ { data }) => {
    if (data.asked && data.asked === mine) channel.postMessage({ taken: mine });
    if (data.taken) heard(data.taken);
};

/**
 * Whether another tab is that visitor.
 * @param {string} token
 * @param {number} patience ms
 */
function taken(token, patience) {
    return new Promise((resolve) => {
        heard = (other) => other === token && resolve(true);
        setTimeout(() => resolve(false), patience);
        channel.postMessage({ asked: token });
    });
}

/** @param {string} token */
function be(token) {
    mine = token;
    asking = null;
    sessionStorage.setItem(KEPT, token);
    document.dispatchEvent(new Event(KEPT)); // a member of a class waits for it (member/memory.js)
    settle();
}

/**
 * The end of a page may be there before what was drawn above it. Where this visitor has no run, the viewer may go on
 * showing another's.
 */
function settle(patience = FRAMES) {
    if (mine !== document.documentElement.dataset.actvizDrawn) return;
    if (patience && strange()) {
        requestAnimationFrame(() => settle(patience - 1));
        return;
    }
    document.documentElement.classList.remove(UNSETTLED);
    setTimeout(() => document.documentElement.classList.add(SETTLED), SHORT); // what was drawn has come by then
}

/** Whether a viewer still shows somebody else's runs. */
function strange() {
    const viewer = document.querySelector("[data-live]");
    return viewer instanceof HTMLElement && !viewer.dataset.live?.endsWith(`/${mine}`);
}

/** @param {Call<{ token: string, answered: string, doubted: string }>} call */
export default (call) => {
    claim(call); // its promise is not for Streamlit, which calls what is returned when the component goes
};

/** @param {Call<{ token: string, answered: string, doubted: string }>} call */
async function claim({ data, setTriggerValue }) {
    const { token, answered, doubted } = data,
        kept = sessionStorage.getItem(KEPT);
    returned = () => setTriggerValue("returned", Date.now());
    tell = setTriggerValue;
    if (!kept || kept === token || kept === answered) return be(token);
    document.documentElement.classList.add(UNSETTLED);
    const patience = doubted === kept ? LONG : SHORT,
        question = `${kept} ${patience}`;
    if (asking === question) return;
    asking = question;
    if (await taken(kept, patience)) return be(token);
    tell("remembered", kept);
    asking = null; // what was told to a page that was just being left is lost: the next one asks again
}
