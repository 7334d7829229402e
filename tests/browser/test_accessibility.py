"""For every hand and eye.

Axe-core on every page, both themes and three sizes; what lies over what; where the buttons are.
"""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import LARGE, PHONE, SMALL

# What is Streamlit's own and cannot be mended from here: rule, a part of its selector or markup, and why.
OWN = json.loads(Path(__file__).with_name("streamlits_own.json").read_text(encoding="utf-8"))


def begin(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    running(page)


def running(page: Page) -> None:
    page.wait_for_function("Number(document.querySelector('[data-testid=viewer]')?.dataset.iteration) > 2")


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


def picture_buttons_and_curves_are_on_one_screen(page: Page) -> None:
    page.locator(".av-curves .js-plotly-plot").first.wait_for()
    for width, height in (SMALL, LARGE, (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        for part in ("picture-0", "pause", "step", "stop"):
            expect(page.get_by_test_id(part)).to_be_in_viewport(ratio=1)
        expect(page.get_by_test_id("curves")).to_be_in_viewport(ratio=0.97)


def shifted(page: Page) -> float:
    """How much has moved by itself since the page was opened: its layout shift."""
    return page.evaluate("""() => new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(
            list.getEntries().reduce((sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value), 0)
        )).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve(0), 1000);
    })""")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", ["", "compare", "gallery"])
def test_axe_finds_nothing_serious_and_what_belongs_together_is_on_one_screen(opened, name, theme):
    """Colours do not depend on the size, nor the layout on the theme.

    So it is both themes at one size, and a phone's in one theme.
    """
    page, found = opened(name, theme), []
    assert shifted(page) < 0.1
    options = COLOURS if theme == "light" else ALL

    if name == "gallery":
        page.get_by_test_id("tile-3").click()
        page.wait_for_function("document.querySelectorAll('.ag-picture img').length > 4")
    else:
        found += (
            faults(page, "idle", options, ".stMain") if theme == "dark" else []
        )  # beside it all is as it is while a run goes on
        for tab in [] if theme == "light" else page.get_by_test_id("stSidebar").get_by_role("tab").all()[1:]:
            tab.click()
            expect(tab).to_have_attribute("aria-selected", "true")
            found += faults(page, f"tab {tab.inner_text()}", options, "[data-testid=stSidebar]")
        begin(page)
    if name == "" and theme == "dark":
        page.get_by_test_id("stPopoverButton").click()
        page.get_by_test_id("stPopoverBody").wait_for()
        found += faults(page, "popover", options, "[data-testid=stPopoverBody]")
        page.keyboard.press("Escape")
    found += faults(page, "running", options)
    if theme == "dark":
        if name != "gallery":
            picture_buttons_and_curves_are_on_one_screen(page)
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


LEFT = "document.querySelector('[data-testid=viewer]').getBoundingClientRect().left"


def test_the_sidebar_closes_and_opens(opened):
    page = opened("")
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.hover()
    page.get_by_role("button", name="Collapse sidebar").click()
    expect(sidebar).not_to_be_visible()
    expect(page.get_by_test_id("viewer")).to_be_in_viewport()
    page.wait_for_function(f"{LEFT} < 50")
    page.get_by_role("button", name="Expand sidebar").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_in_viewport(ratio=1)
    page.wait_for_function(f"{LEFT} > 350")


LOOK_FOR_THE_SIDEBAR = """
window.sidebarSeen = false;
const look = () => {
    const sidebar = document.querySelector("[data-testid=stSidebar][data-collapsed=false]");
    if (sidebar?.checkVisibility({ opacityProperty: true, visibilityProperty: true })) window.sidebarSeen = true;
    requestAnimationFrame(look);
};
look();
"""


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
    page.add_init_script(LOOK_FOR_THE_SIDEBAR)
    page.reload()
    running(page)
    expect(page.get_by_role("button", name="Expand sidebar")).to_be_visible()
    page.wait_for_function("document.documentElement.classList.contains('av-settled')")
    assert not page.evaluate("sidebarSeen"), "it lay over the picture for a moment"
