import assert from "node:assert/strict";
import { test } from "node:test";

import { Keyboard } from "../../dashboard/components/parts/keys.js";

const pressed = (key, { within = "", ...more } = {}) => ({
    key,
    target: { closest: (choice) => within !== "" && choice.split(", ").concat(choice.split(",")).includes(within) },
    defaultPrevented: false,
    preventDefault() {
        this.defaultPrevented = true;
    },
    ...more,
});

const WORDS = { keys_space: "Space", keys_shift: "Shift" };

function made(kept) {
    const store = new Map(kept ? [["actviz-keys", kept]] : []),
        keyboard = new Keyboard({
            getItem: (name) => store.get(name) ?? null,
            setItem: (...entry) => store.set(...entry),
        }),
        done = [];
    let there = true;
    keyboard.add([
        { does: "next and previous", on: { n: () => done.push("next"), p: () => done.push("previous") } },
        { does: "next layer", on: { N: () => done.push("layer") }, able: () => there },
        { does: "pauses", on: { " ": () => done.push("pause"), ArrowLeft: () => done.push("left") } },
        { does: "from tile to tile", keys: "Arrow keys" },
    ]);
    return { keyboard, done, store, leave: () => (there = false) };
}

test("the sheet tells exactly what is listened to", () => {
    const { keyboard, done, leave } = made();
    assert.deepEqual(keyboard.rows(WORDS), [
        ["N / P", "next and previous"],
        ["Shift+N", "next layer"],
        ["Space / ←", "pauses"],
        ["Arrow keys", "from tile to tile"],
    ]);
    assert.equal(keyboard.rows({ keys_space: "Leertaste", keys_shift: "Umschalt" })[1][0], "Umschalt+N");
    keyboard.press(pressed("N", { shiftKey: true }));
    leave();
    assert.equal(keyboard.rows(WORDS).length, 3);
    keyboard.press(pressed("N", { shiftKey: true }));
    assert.deepEqual(done, ["layer"]);
});

test("letters mean the same with Caps Lock; keys with modifiers, and those that were taken, are left alone", () => {
    const { keyboard, done } = made();
    keyboard.press(pressed("N"));
    for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { defaultPrevented: true }])
        keyboard.press(pressed("n", more));
    assert.deepEqual(done, ["next"]);
});

test("where something is typed, or needs the key itself, nothing is listened to", () => {
    const { keyboard, done } = made();
    for (const within of ["textarea", "[role=combobox]", "select"]) keyboard.press(pressed("n", { within }));
    keyboard.press(pressed(" ", { within: "button" }));
    keyboard.press(pressed("ArrowLeft", { within: "[role=slider]" }));
    assert.deepEqual(done, []);
    keyboard.press(pressed("n", { within: "button" }));
    assert.deepEqual(done, ["next"]);
});

test("letters can be switched off, in all tables at once, and that is remembered", () => {
    const { keyboard, done, store } = made();
    let told = 0;
    keyboard.watchers.add(() => told++);
    keyboard.add([{ does: "this list", on: { "?": () => done.push("sheet") } }]);
    assert.equal(told, 1); // an open sheet follows
    keyboard.turn(false);
    for (const key of ["n", "p", "?", " "]) keyboard.press(pressed(key));
    assert.deepEqual(done, ["pause"]); // a key that is no letter, number or sign
    assert.equal(store.get("actviz-keys"), "off");
    assert.equal(made("off").keyboard.letters, false);
    keyboard.heed({ key: "actviz-keys", newValue: "on" }); // in another tab
    keyboard.press(pressed("?"));
    assert.deepEqual([done, told], [["pause", "sheet"], 3]);
});

test("while they are off Streamlit does not hear them either", () => {
    const { keyboard } = made(),
        stopped = (key, more = {}) => {
            let count = 0;
            keyboard.withhold(pressed(key, { ...more, stopPropagation: () => count++ }));
            return count;
        };
    assert.equal(stopped("r"), 0);
    keyboard.turn(false);
    assert.deepEqual([stopped("r"), stopped("r", { within: "textarea" }), stopped("Tab")], [1, 0, 0]);
});
