import assert from "node:assert/strict";
import { test } from "node:test";

import { behind } from "../../dashboard/components/viewer/empty.js";

test("what stands in place of a covered picture says how its run stands", () => {
    const covered = { waiting: "not begun", running: "under way", paused: "paused", ended: "over" },
        said = ["", "waiting", "running", "paused", "finished", "cancelled", "failed"].map((status) =>
            behind(covered, status),
        );
    assert.deepEqual(said, ["not begun", "not begun", "under way", "paused", "over", "over", "over"]);
});
