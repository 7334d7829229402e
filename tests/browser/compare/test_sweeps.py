"""A sweep beside the columns: headings, the chosen cell, what becomes of it."""

import re

from playwright.sync_api import expect

from tests.browser.compare.page import UNCOVERED, finished, start, two


def test_a_sweep_and_the_columns_are_a_click_apart_and_the_chosen_cell_stays_chosen(compare):
    page = compare(two())
    start(page)
    finished(page)
    page.get_by_role("tab", name="Sweep").click()
    page.get_by_role("button", name="Start sweep").click()
    expect(page.get_by_test_id("picture-8")).to_be_visible()
    page.get_by_test_id("stop").click()
    page.locator(".av-alone-button").nth(4).click()
    expect(page.get_by_text("Selected:")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 720})
    switch = page.get_by_role("radiogroup", name="Shown")
    for part in (switch, page.get_by_test_id("title")):
        assert part.evaluate(UNCOVERED)
    expect(page.get_by_role("button", name="Save as preset")).to_be_in_viewport(ratio=1)
    chosen = page.locator(".av-cell.av-marked canvas")
    expect(chosen).to_have_attribute("data-testid", "picture-4")
    switch.get_by_text("Columns (2)").click()
    expect(page.locator(".av-caption")).to_have_text(["1. channel 3", "2. channel 5"])
    switch.get_by_text("Sweep (9 pictures)").click()
    expect(chosen).to_have_attribute("data-testid", "picture-4")
    page.locator("[data-test-script-state=notRunning]").wait_for(state="attached")  # else what it says takes its place
    page.get_by_role("link", name="Explore").click()
    page.get_by_role("button", name="Add to comparison").click()
    page.get_by_role("link", name="Compare").click()
    expect(page.locator(".av-cell")).to_have_count(3)
    switch.get_by_text("Sweep (9 pictures)").click()
    expect(chosen).to_have_attribute("data-testid", "picture-4")


def test_a_sweep_has_headings_and_its_cells_become_columns_and_are_taken_over(compare):
    page = compare()
    page.get_by_role("tab", name="Sweep").click()
    page.get_by_role("button", name="Start sweep").click()
    expect(page.get_by_test_id("picture-8")).to_be_visible(timeout=60_000)
    assert page.locator(".av-top").all_text_contents() == [
        "Learning rate 0.05",
        "Learning rate 0.141",
        "Learning rate 0.4",
    ]
    assert page.locator(".av-side").all_text_contents() == ["Largest scale 1", "Largest scale 1.3", "Largest scale 1.6"]
    page.wait_for_function("""() => {
        const [tops, boxes] = [".av-top", ".av-picture"].map((which) =>
            [...document.querySelectorAll(which)].map((each) => each.getBoundingClientRect()));
        const middle = (box) => box.left + box.width / 2;
        return boxes.length === 9 && boxes.every((box, index) =>
            Math.abs(middle(tops[index % 3]) - middle(box)) < box.width / 2
            && box.top === boxes[3 * Math.floor(index / 3)].top);
    }""")
    expect(page.get_by_test_id("picture-5")).to_have_attribute(
        "aria-label", re.compile("Learning rate 0.4, Largest scale 1.3. (Iteration|No picture)")
    )
    # A click at the moment of the end is not lost: the viewer tells the page both, at once.
    page.get_by_test_id("viewer").evaluate("""viewer => new MutationObserver((_, observer) => {
        if (viewer.dataset.status !== "cancelled") return;
        observer.disconnect();
        document.querySelectorAll(".av-alone-button")[4].click();
    }).observe(viewer, { attributes: true })""")
    page.get_by_test_id("stop").click()
    expect(page.get_by_text("Selected:")).to_be_visible()
    page.get_by_role("button", name="Add as a column").click()
    page.get_by_role("tab", name="Columns").click()
    expect(page.get_by_text("1. blocks.4.0, channel 20", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Sweep").click()
    page.get_by_role("button", name="Use in Explore").click()
    expect(page.get_by_role("tab", name="Optimization")).to_be_visible()
    page.wait_for_function("decodeURIComponent(location.href).includes('\"learning_rate\":0.141')")
