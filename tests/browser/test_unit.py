"""The panel of a unit: folded and quiet, then its picture beside the images that it answers to, on several pages."""

import re

from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
IN_VIEW = """panel => {
    const { top, bottom } = panel.getBoundingClientRect();
    return top >= 40 && (bottom <= innerHeight + 1 || top < 100);
}"""


def test_one_unit_on_three_pages(visit):
    page = visit()
    panel = page.get_by_test_id("unit")
    summary = panel.locator("summary")
    expect(summary).to_have_text(re.compile("blocks.4.0, channel 20"))
    expect(panel.get_by_test_id("unit-words")).to_have_count(0)  # nothing is asked for before
    summary.focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_test_id("unit-words")).to_have_text(
        re.compile(r"From 55 images cut from the sample photographs")
    )
    assert "a small index" in panel.get_by_test_id("unit-words").inner_text()
    patches = panel.get_by_test_id("patches")
    expect(patches).to_have_count(3)
    page.wait_for_function(IN_VIEW, arg=panel.element_handle())
    canvases = patches.first.locator("canvas")
    expect(canvases).to_have_count(9)
    expect(canvases.first).to_have_attribute(
        "aria-label", re.compile(r"Best 1: .*row \d+, column \d+ of the map, .* higher than 54 of the 55 images")
    )
    page.wait_for_function(
        "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, 144, 144).data).size > 20",
        arg=canvases.first.element_handle(),
    )
    expect(panel.get_by_test_id("histogram").locator("svg")).to_have_attribute("aria-label", re.compile("from .* to "))
    expect(panel.get_by_test_id("unit-synthesized")).to_have_attribute("data-status", "finished")
    best = [each.get_attribute("data-image") for each in canvases.all()]
    assert len(set(best)) == 9, "one patch of an image"

    page.get_by_role("link", name="Explain", exact=True).click()
    page.locator(".st-key-sample\\.cat button, [class*=st-key-sample] button").first.click()
    expect(panel.get_by_test_id("histogram").locator("svg")).to_have_attribute(
        "aria-label", re.compile("your image \\(Cat\\): .*higher than \\d+ of the 55 images")
    )

    expect(page.get_by_test_id("synthesized")).to_be_visible()  # beside the map, and so not here as well
    expect(panel.get_by_test_id("unit-synthesized")).to_have_count(0)

    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.get_by_role("button", name="Add from Explore")).to_be_visible()
    expect(page.get_by_test_id("unit")).to_be_attached()
    expect(page.get_by_test_id("unit").locator("summary")).to_be_hidden()  # no column, no unit


def test_on_a_phone_nothing_is_wider_than_the_page(visit):
    page = visit(size=PHONE, theme="light")
    panel = page.get_by_test_id("unit")
    panel.locator("summary").dispatch_event("click")
    expect(panel.get_by_test_id("patches")).to_have_count(3)
    assert panel.evaluate("node => node.scrollWidth <= node.clientWidth")
