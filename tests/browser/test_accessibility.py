"""For every hand and eye.

Axe-core on every page, both themes and three sizes; what lies over what; where the buttons are.
"""

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from actviz_core import Channel, Comparison, Recipe, Spec
from actviz_core.studies.comparison import Column
from dashboard.state import links

# What is Streamlit's own and cannot be mended from here: rule, a part of its selector or markup, and why.
OWN = json.loads(Path(__file__).with_name("streamlits_own.json").read_text(encoding="utf-8"))
PHONE, SMALL, LARGE = (390, 844), (1280, 720), (1440, 900)
# Still running, however slow the machine.
LONG = Spec("efficientnet_lite0", Channel("blocks.4.0", 20), iterations=50_000)
COLUMNS = tuple(Column(Recipe(replace(LONG, objective=Channel("blocks.4.0", number)))) for number in (20, 21, 22, 23))
QUERY = {
    "": f"?recipe={quote(Recipe(LONG).to_json())}",
    "compare": f"?{links.COMPARISON}={links.write_comparison(Comparison(COLUMNS))}",
    "gallery": "",
}


@pytest.fixture
def opened(server, profile):
    """opened(page, theme, size): a page of the server on which nothing moves."""

    def go(name: str, theme: str = "dark", size: tuple[int, int] = LARGE) -> Page:
        page = profile.new_page()
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        page.goto(f"{server.url}/{name}{QUERY[name]}")
        page.get_by_test_id("stSidebarUserContent").get_by_role("button").or_(page.get_by_role("radio")).first.wait_for(
            state="attached"
        )
        expect(page.get_by_test_id("gallery" if name == "gallery" else "viewer")).to_be_attached()
        page.add_style_tag(
            content="[data-stale] { opacity: 1 !important; transition: none !important; }"
        )  # Streamlit dims what it is about to redraw
        return page

    return go


def begin(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    running(page)


def running(page: Page) -> None:
    page.wait_for_function("Number(document.querySelector('[data-testid=viewer]').dataset.iteration) > 2")


def faults(page: Page, where: str, options: dict, part: str | None = None) -> list[str]:
    """What axe finds serious or critical, on the page or in a part of it, less what is Streamlit's own."""
    found = Axe().run(page, context=part, options={"resultTypes": ["violations"]} | options).response["violations"]
    nodes = [(rule, node) for rule in found if rule["impact"] in ("serious", "critical") for node in rule["nodes"]]

    def told(rule: dict, node: dict) -> bool:
        return any(
            own["rule"] == rule["id"] and (own["part"] in str(node["target"]) or own["part"] in node["html"])
            for own in OWN
        )

    return [
        f"{where}: {rule['id']}: {node['target']} {node['html'][:160]}: {node['failureSummary'][:200]}"
        for rule, node in nodes
        if not told(rule, node)
    ]


ALL = {"rules": {"label-content-name-mismatch": {"enabled": True}}}  # experimental, and so off by itself
COLOURS = {"runOnly": ["color-contrast"]}  # all else is the same in both themes


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", ["", "compare", "gallery"])
def test_axe_finds_nothing_serious(opened, name, theme):
    """Colours do not depend on the size, nor the layout on the theme.

    So it is both themes at one size, and a phone's in one theme.
    """
    page, found = opened(name, theme), []
    options = COLOURS if theme == "light" else ALL

    if name == "gallery":
        page.get_by_test_id("tile-3").click()
        page.wait_for_function("document.querySelectorAll('.ag-picture img').length > 4")
    else:
        found += (
            faults(page, "idle", options, ".stMain") if theme == "dark" else []
        )  # beside it all is as it is while a run goes on
        begin(page)
        for tab in [] if theme == "light" else page.get_by_test_id("stSidebar").get_by_role("tab").all()[1:]:
            tab.click()
            expect(tab).to_have_attribute("aria-selected", "true")
            found += faults(page, f"tab {tab.inner_text()}", options, "[data-testid=stSidebar]")
    if name == "" and theme == "dark":
        page.get_by_test_id("stPopoverButton").click()
        page.get_by_test_id("stPopoverBody").wait_for()
        found += faults(page, "popover", options, "[data-testid=stPopoverBody]")
        page.keyboard.press("Escape")
    found += faults(page, "running", options)
    if theme == "dark":
        page.set_viewport_size(dict(zip(("width", "height"), PHONE, strict=True)))
        found += faults(page, "phone", options)
    if name != "gallery":
        page.get_by_test_id("stop").click()
    assert not found, "\n".join(found)


def covers(page: Page) -> bool:
    """Whether the tooltip on screen lies over a button that starts something."""
    return page.evaluate("""() => {
        const box = document.querySelector("[data-testid=stTooltipContent]").getBoundingClientRect();
        return [...document.querySelectorAll(".st-key-start button, .st-key-do_fill button")].some((button) => {
            const start = button.getBoundingClientRect();
            return start.right > box.left && start.left < box.right && start.bottom > box.top && start.top < box.bottom;
        });
    }""")


@pytest.mark.parametrize("name", ["", "compare"])
def test_no_tooltip_covers_start(opened, name):
    page = opened(name, size=SMALL)
    if name == "":
        page.get_by_role("combobox", name="Preset").click()
        page.get_by_role("option", name="Yosinski 2015, setting 4").click()  # the longest help
        expect(page.get_by_role("combobox", name="Preset")).to_have_value("Yosinski 2015, setting 4")
    page.locator("[data-testid=stTooltipHoverTarget] >> visible=true").first.wait_for()
    targets = page.locator(
        "[data-testid=stSidebarUserContent] [data-testid=stTooltipHoverTarget] >> visible=true"
    ).all()
    above = [
        target for target in targets if target.bounding_box()["y"] < page.get_by_role("tablist").bounding_box()["y"]
    ]
    assert above
    for target in above:
        page.mouse.move(SMALL[0] - 2, SMALL[1] - 2)
        expect(page.get_by_test_id("stTooltipContent")).to_have_count(0)
        target.hover()
        page.get_by_test_id("stTooltipContent").wait_for()
        assert not covers(page), page.get_by_test_id("stTooltipContent").inner_text()


@pytest.mark.parametrize("size", [PHONE, (720, 450), (640, 360), SMALL])
def test_the_gallery_is_on_one_screen(opened, size):
    page = opened("gallery", size=size)
    if size != SMALL:
        expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
    page.get_by_test_id("tile-1").click()
    page.get_by_test_id("sheet.png").wait_for()
    for part in ("sort", "counts", "sheet.png", "table.csv", "pause", "tile-1", "chosen", "open", "add"):
        expect(page.get_by_test_id(part)).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
    page.get_by_test_id("pause").focus()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("resume")).to_be_focused()


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
    page.locator(".aa-plot .main-svg").first.wait_for()
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
            "keys",
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


def test_the_sidebar_closes_and_opens(opened):
    page = opened("")
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.hover()
    page.get_by_role("button", name="Collapse sidebar").click()
    expect(sidebar).not_to_be_visible()
    expect(page.get_by_test_id("viewer")).to_be_in_viewport()
    page.wait_for_function("document.querySelector('[data-testid=stMain]').getBoundingClientRect().left < 1")
    page.get_by_role("button", name="Expand sidebar").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_in_viewport(ratio=1)
    page.wait_for_function("document.querySelector('[data-testid=stMain]').getBoundingClientRect().left === 350")


@pytest.mark.parametrize("size", [PHONE, (720, 450)])
def test_where_the_sidebar_covers_the_page_a_start_uncovers_the_picture(opened, size):
    page = opened("", size=size)
    page.get_by_role("button", name="Start", exact=True).press("Enter")
    running(page)
    expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
    expect(page.get_by_test_id("viewer")).to_be_focused()  # what had the focus is covered now
    for where in (
        page.get_by_role("button", name="show the picture large"),
        *map(page.get_by_test_id, ("pause", "stop")),
    ):
        where.hover()  # waits until nothing covers its middle
    page.get_by_test_id("stop").click()
    page.get_by_role("button", name="Expand sidebar").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_in_viewport()


@pytest.mark.parametrize("name", ["", "compare"])
def test_picture_buttons_and_curves_are_on_one_screen(opened, name):
    page = opened(name, size=SMALL)
    begin(page)
    page.locator(".av-curves .js-plotly-plot").first.wait_for()
    for width, height in (SMALL, LARGE, (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        for part in ("picture-0", "pause", "step", "stop"):
            expect(page.get_by_test_id(part)).to_be_in_viewport(ratio=1)
        expect(page.get_by_test_id("curves")).to_be_in_viewport(ratio=0.97)
    page.get_by_test_id("stop").click()
