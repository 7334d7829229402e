"""Columns added and removed, and complaints about them."""

import pytest
from playwright.sync_api import expect

from tests.browser.compare.page import SMALL, two


def test_a_picture_is_added_from_explore(visit):
    page = visit()
    page.get_by_role("button", name="Add to comparison").click()
    expect(page.get_by_text("Compare has 1 column now")).to_be_visible()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("1. blocks.4.0, channel 20")).to_be_visible()
    page.get_by_role("button", name="Add from Explore").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("Column 1 is the same already")
    page.get_by_role("button", name="Add from Explore").click()
    expect(page.get_by_text("2. blocks.4.0, channel 20")).to_be_visible()


def test_the_focus_goes_to_the_next_column_when_one_is_removed(compare):
    page = compare(two().added(SMALL))
    for gone, next_one in ((2, "Remove column 3"), (3, "Remove column 1"), (1, "Create columns")):
        page.get_by_role("button", name=f"Remove column {gone}").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=f"Remove column {gone}")).to_have_count(0)
        expect(page.get_by_role("button", name=next_one)).to_be_focused()


@pytest.mark.parametrize("width", [1100, 390])
def test_a_complaint_is_seen_and_covers_no_curves(visit, width):
    page = visit("compare")
    page.set_viewport_size({"width": width, "height": 800})
    if width < 768:  # the sidebar closes
        expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
        page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("button", name="Add from Explore").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled()
    page.get_by_role("button", name="Add from Explore").click()
    complaint = page.get_by_test_id("stAlert")
    expect(complaint).to_contain_text("Column 1 is the same already")
    page.wait_for_function("""() => {
        const alert = document.querySelector("[data-testid=stAlert]"), box = alert.getBoundingClientRect();
        return alert.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
    }""")
    page.wait_for_function(
        """wide => {
            const [alert, curves] = ["[data-testid=stAlert]", ".av-curves"].map((name) => document.querySelector(name));
            return !wide || alert.getBoundingClientRect().right <= curves.getBoundingClientRect().left;
        }""",
        arg=width >= 1000,
    )


def test_a_complaint_leaves_the_navigation_free(visit):
    page = visit("compare?comparison=nonsense")
    page.set_viewport_size({"width": 1100, "height": 800})
    complaint, link = page.get_by_test_id("stAlert"), page.get_by_role("link", name="Gallery")
    expect(complaint).to_contain_text("valid comparison", timeout=60_000)
    upper, lower = link.bounding_box(), complaint.bounding_box()
    assert lower["y"] >= upper["y"] + upper["height"] and lower["x"] >= 0
    link.click(timeout=5000)
