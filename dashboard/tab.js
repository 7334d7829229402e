// The tab keeps its visitor's token for as long as it lives: reloaded, it is the same visitor again. A duplicated tab begins
// with a copy of what is kept, so it first asks the other tabs whether one of them is that visitor.

const KEPT = "actviz-visitor";
const PATIENCE = 150; // ms for the other tabs to answer

const channel = new BroadcastChannel(KEPT);
let mine = null, asking = null, heard = () => {};

channel.onmessage = ({ data }) => {
    if (data.asked && data.asked === mine) channel.postMessage({ taken: mine });
    if (data.taken && data.taken === asking) heard(true);
};

function taken(token) {
    return new Promise((resolve) => {
        heard = resolve;
        setTimeout(() => resolve(false), PATIENCE);
        channel.postMessage({ asked: token });
    });
}

function be(token) {
    mine = token;
    asking = null;
    sessionStorage.setItem(KEPT, token);
}

export default async ({ data, setTriggerValue }) => {
    const { token, answered } = data, kept = sessionStorage.getItem(KEPT);
    if (!kept || kept === token || kept === answered) return be(token);
    if (asking === kept) return;
    asking = kept;
    if (await taken(kept)) be(token);
    else setTriggerValue("remembered", kept);
};
