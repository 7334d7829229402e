import assert from "node:assert/strict";
import { test } from "node:test";

import { uncover } from "../../dashboard/components/parts/sidebar.js";

// A page with Streamlit's sidebar open or not, in a narrow window or not; what had the focus may be in the sidebar.
function page({ open, narrow, inside }) {
    const done = [],
        focused = {};
    const sidebar = {
        contains: (node) => inside && node === focused,
        querySelector: () => ({ click: () => done.push("collapsed") }),
    };
    globalThis.document = { activeElement: focused, querySelector: () => (open ? sidebar : null) };
    globalThis.matchMedia = () => ({ matches: narrow });
    uncover({ focus: () => done.push("focused") });
    return done;
}

test("on a phone what there is to see uncovers itself, and takes over the focus of what is covered then", () => {
    assert.deepEqual(page({ open: true, narrow: true, inside: true }), ["collapsed", "focused"]);
    assert.deepEqual(page({ open: true, narrow: true, inside: false }), ["collapsed"]);
    assert.deepEqual(page({ open: true, narrow: false, inside: true }), []);
    assert.deepEqual(page({ open: false, narrow: true, inside: true }), []);
});
