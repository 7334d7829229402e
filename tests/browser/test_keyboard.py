"""All can be done with keys, and what has the focus is seen to have it."""

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SMALL
from tests.browser.test_accessibility import running


def test_the_keyboard_reaches_and_does_everything(opened):
    page = opened("", size=SMALL)
    press, focused = page.keyboard.press, "document.activeElement.dataset.testid"
    popover = page.get_by_test_id("stPopoverButton")
    popover.focus()
    press("Enter")
    page.get_by_test_id("stPopoverBody").wait_for()
    press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).not_to_be_visible()
    page.get_by_role("combobox", name="Preset").focus()
    press("Tab")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_focused()
    press("Enter")
    running(page)
    page.get_by_test_id("pause").focus()
    assert page.get_by_test_id("pause").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    press("Space")
    page.wait_for_function(f"{focused} === 'resume'")
    press("Tab")
    assert page.evaluate(focused) == "step"
    page.get_by_test_id("scrub").focus()
    press("Home")
    expect(page.get_by_test_id("shown")).to_have_text("shows 1")
    page.get_by_test_id("save").focus()
    press("Enter")
    page.get_by_test_id("save-png").wait_for()
    press("Tab")
    assert page.evaluate(focused) == "save-png"
    press("Escape")
    expect(page.get_by_test_id("save-png")).not_to_be_visible()
    assert page.evaluate(focused) == "save"
    page.get_by_test_id("stop").focus()
    press("Enter")
    expect(page.get_by_test_id("status")).to_have_text("stopped")


# What the keys of a page do, beside those of all pages.
SHORTCUTS = {
    "Compare": "draws the page again",
    "Gallery": "on the thumbnails",
    "Explain": "draws the page again",
    "Layers": "previous and next layer",
    "Learn": "this list",
    "Explore": "next and previous layer",
}


def test_every_page_tells_what_its_keys_do_and_letters_can_be_switched_off_on_all(opened, server):
    page = opened("", size=SMALL)
    press, sheet = page.keyboard.press, page.get_by_test_id("keys-sheet")
    choice, said = sheet.get_by_label("Single-letter shortcuts"), page.get_by_test_id("said")
    for name, does in SHORTCUTS.items():
        page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
        expect(page).to_have_title(re.compile(name if name != "Explore" else "channel 20", re.IGNORECASE))
        page.locator("[data-test-script-state=notRunning]").wait_for(state="attached")
        press("?")
        expect(sheet).to_contain_text(does)
        expect(choice).to_be_focused()
        assert sheet.get_by_text("next and previous layer").count() == (name == "Explore")
        press("Escape")
        expect(sheet).to_be_hidden()
    press("?")
    expect(choice).to_be_focused()
    press("Space")
    expect(said).to_have_text("Single-letter shortcuts are off.")
    press("Escape")
    press("n")
    press("?")
    expect(sheet).to_be_hidden()
    expect(page.get_by_test_id("architecture")).to_have_attribute("aria-busy", "false")  # true until a step is answered
    assert "channel 20" in page.title()
    page.goto(f"{server.url}/glossary?lang=de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.get_by_test_id("keys").click()
    expect(sheet).to_contain_text("Tastenkürzel")
    expect(choice.or_(sheet.get_by_role("checkbox"))).not_to_be_checked()
    sheet.get_by_role("checkbox").check()
    press("Escape")
    press("?")
    expect(sheet).to_be_visible()


# The name of what has the focus, or "" at the end of the page; whether a ring of the accent is seen around it or what
# holds it; whether it is on screen.
FOCUSED = """() => {
    const focused = document.activeElement;
    if (focused === document.body) return ["", true, true];
    const ring = (node) => {
        const style = getComputedStyle(node), wide = parseFloat(style.outlineWidth) >= 2;
        return style.outlineStyle === "solid" && wide && style.outlineColor === ACCENT;
    };
    const holders = [focused, focused.parentElement, focused.parentElement.parentElement];
    const ringed = holders.find(ring) ?? focused;
    const box = ringed.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const inside = box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
    const visible = focused.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const name = focused.getAttribute("aria-label") || focused.labels?.[0]?.innerText
        || focused.dataset.testid || focused.innerText;
    return [name, holders.some(ring), inside && visible && (ringed.contains(top) || focused.tagName === "MAIN")];
}"""
ACCENT = {"dark": "rgb(232, 163, 61)", "light": "rgb(150, 73, 6)"}


def walk(page: Page, theme: str) -> list[str]:
    """The names of all that Tab comes to from here to the end of the page, each seen to have the focus."""
    names = []
    while len(names) < 60:
        page.keyboard.press("Tab")
        name, ringed, seen = page.evaluate(FOCUSED.replace("ACCENT", json.dumps(ACCENT[theme])))
        if not name:
            return names
        assert ringed, f"{name} does not show that it has the focus"
        assert seen, f"{name} has the focus out of sight"
        names.append(name)
    raise AssertionError(f"Tab never leaves the page: {names}")


def in_order(names: list[str], wanted: list[str]) -> bool:
    rest = iter(names)
    return all(name in rest for name in wanted)


def test_tab_walks_through_the_page_and_the_focus_stays_where_it_is(opened):
    page = opened("", "light", SMALL)
    page.get_by_test_id("block").first.wait_for()
    idle = walk(page, "light")
    assert in_order(
        idle,
        [
            "Collapse sidebar",
            "Model",
            "Preset",
            "stBaseButton-primary",
            "stTab",
            "Layer",
            "stTopNavLink",
            "stMain",
            "Next layer",
            "Next channel",
        ],
    ), " / ".join(idle)
    start = page.get_by_role("button", name="Start", exact=True)
    start.focus()
    page.keyboard.press("Enter")
    running(page)
    page.locator(".av-curves .js-plotly-plot").first.wait_for()
    expect(start).to_be_focused()
    live = walk(page, "light")
    assert in_order(
        live, ["stTopNavLink", "Next channel", "show an earlier iteration", "Pause", "Stop", "Save", "Reset axes"]
    ), " / ".join(live)
    page.get_by_test_id("next-channel").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".av-title")).to_have_text("efficientnet_lite0, blocks.4.0, channel 21")
    running(page)
    expect(page.get_by_test_id("next-channel")).to_be_focused()
    page.get_by_test_id("stop").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("status")).to_have_text("stopped")
    expect(page.get_by_test_id("branch")).to_be_focused()  # Stop can do nothing any more
