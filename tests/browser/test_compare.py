"""What people do on the Compare page."""

import pytest
from playwright.sync_api import Page, expect

from actviz_core import Channel, Comparison, Recipe, Spec, export
from dashboard import links

SMALL = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=64, width=96, iterations=30))


@pytest.fixture
def compare(visit):
    """compare(comparison): the Compare page, with that comparison in its address."""

    def go(comparison: Comparison | None = None) -> Page:
        query = f"?{links.COMPARISON}={links.write_comparison(comparison)}" if comparison else ""
        page = visit(f"compare{query}")
        expect(page.get_by_role("button", name="Add from Explore")).to_be_visible(timeout=60_000)
        return page

    return go


def two() -> Comparison:
    return Comparison().added(SMALL).added(Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 5), height=64, width=96, iterations=30)))


def start(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()


def finished(page: Page) -> None:
    expect(page.get_by_test_id("viewer")).to_have_attribute("data-status", "finished", timeout=60_000)


def pixels(page: Page, which: str) -> list:
    return page.get_by_test_id(which).evaluate("canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]")


def test_a_picture_is_added_from_explore(visit):
    page = visit()
    page.get_by_role("button", name="Add to comparison").click()
    expect(page.get_by_text("Compare has 1 column now")).to_be_visible()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("1. blocks.4.0, channel 20")).to_be_visible()
    page.get_by_role("button", name="Add from Explore").click()
    expect(page.get_by_text("2. blocks.4.0, channel 20")).to_be_visible()


def test_columns_run_in_step_and_are_scrubbed_together(compare):
    page = compare(two())
    start(page)
    finished(page)
    before = pixels(page, "picture-0"), pixels(page, "picture-1")
    page.get_by_test_id("scrub").fill("2")
    expect(page.get_by_test_id("shown")).to_have_text("shows 2")
    for which, last in zip(("picture-0", "picture-1"), before):
        page.wait_for_function(
            "([which, last]) => { const c = document.querySelector(`[data-testid=${which}]`); return String([...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]) !== last; }",
            arg=[which, ",".join(map(str, last))],
        )
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def test_the_difference_of_a_picture_with_itself_is_black(compare):
    page = compare(Comparison().added(SMALL).added(SMALL))
    start(page)
    finished(page)
    box = page.get_by_role("combobox", name="Difference of two columns")
    for _ in range(2):
        box.click()
        page.get_by_role("option").first.click()
    expect(page.get_by_text("difference, doubled")).to_be_visible()
    page.get_by_test_id("live").is_disabled()
    page.get_by_test_id("scrub").fill("4")
    page.wait_for_function("document.querySelector('[data-testid=picture-2]').width === 96")
    seen = pixels(page, "picture-2")
    assert seen[3] == 255 and not any(value for index, value in enumerate(seen) if index % 4 != 3)


def test_a_name_in_the_legend_marks_its_picture(compare):
    page = compare(two())
    start(page)
    finished(page)
    name = page.locator(".av-curves .legendtoggle").nth(1)
    expect(name).to_be_visible()
    name.click()
    expect(page.locator(".av-cell.av-marked")).to_have_count(1)
    expect(page.locator(".av-cell").nth(1)).to_have_class("av-cell av-marked")


def test_a_comparison_is_saved_and_opened_again(compare, tmp_path):
    page = compare(two())
    start(page)
    finished(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Contact sheet (PNG)").click()
    sheet = tmp_path / "comparison.png"
    download.value.save_as(sheet)
    found = export.read_comparison(sheet.read_bytes())
    assert [recipe.spec for recipe in found.recipes] == [recipe.spec for recipe in two().recipes]
    with page.expect_download() as download:
        page.get_by_role("button", name="Curves (CSV)").click()
    assert len(download.value.path().read_text().splitlines()) == 61
    other = compare()
    other.get_by_role("tab", name="Open").click()
    other.locator("input[type=file]").first.set_input_files(sheet)
    other.get_by_role("tab", name="Columns").click()
    expect(other.get_by_text("2. channel 5")).to_be_visible()


def test_a_sweep_is_clicked_and_taken_over(compare):
    page = compare()
    page.get_by_role("tab", name="Sweep").click()
    page.get_by_role("button", name="Start sweep").click()
    expect(page.get_by_test_id("picture-8")).to_be_visible()
    page.get_by_test_id("stop").click()
    page.locator(".av-picture").nth(4).click()
    expect(page.get_by_text("Selected:")).to_be_visible()
    page.get_by_role("button", name="Use in Explore").click()
    expect(page.get_by_role("tab", name="Optimization")).to_be_visible()
    page.wait_for_function("decodeURIComponent(location.href).includes('\"learning_rate\":0.141')")
