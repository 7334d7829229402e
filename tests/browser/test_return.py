"""What people do by accident: reload, leave, duplicate a tab. Nothing may be lost."""

import re

from playwright.sync_api import Page, expect

from actviz_core import Comparison, Recipe
from dashboard.state import links
from tests.browser.test_explore import (
    LONG,
    address,
    iteration,
    run_key,
    start,
    status,
    viewer,
    wait_for_another_run,
    wait_for_iteration,
)


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def test_a_reload_in_the_middle_of_a_run_and_a_duplicated_tab(visit):
    page = visit(address(LONG))
    start(page)
    wait_for_iteration(page, 5)
    key = run_key(page)
    page.get_by_role("tab", name="Regularization").click()
    page.get_by_role("slider", name="Total variation").press("ArrowRight")
    page.wait_for_function("decodeURIComponent(location.href).includes('total_variation')")
    reached, written = iteration(page), page.url
    page.reload()
    wait_for_iteration(page, reached + 1)
    assert run_key(page) == key and page.url == written
    expect(page.locator(".av-viewer")).to_contain_text("total variation", ignore_case=True)

    # A duplicated tab begins with a copy of what the tab has kept.
    token = page.evaluate("sessionStorage.getItem('actviz-visitor')")
    assert token and token not in page.url
    other = page.context.new_page()
    other.add_init_script(
        f"if (!sessionStorage.getItem('actviz-visitor')) sessionStorage.setItem('actviz-visitor', '{token}')"
    )
    other.goto(page.url)
    other.wait_for_function("token => ![null, token].includes(sessionStorage.getItem('actviz-visitor'))", arg=token)
    expect(other.locator(".av-empty")).to_be_visible()
    assert run_key(page) == key
    wait_for_iteration(page, iteration(page) + 5)
    other.close()
    page.get_by_test_id("stop").click()
    status(page, "cancelled")

    said = page.get_by_test_id("said")
    expect(said).to_have_text(re.compile("^stopped, iteration"))
    go(page, "Compare")
    expect(page.locator(".av-empty")).to_be_visible()
    expect(said).to_have_text("")  # nothing of another page


def test_where_one_looked_back_is_there_again_and_sliders_leave_no_entries_in_the_history_of_the_browser(visit):
    page = visit(address(LONG))
    start(page)
    expect(page.get_by_test_id("branch")).to_have_attribute("title", re.compile("^Pause the run"))
    wait_for_iteration(page, 30)
    page.get_by_test_id("pause").click()
    status(page, "paused")
    expect(page.get_by_test_id("branch")).to_be_enabled()
    key, entries = run_key(page), page.evaluate("history.length")
    page.get_by_role("tab", name="Regularization").click()
    for _ in range(3):
        before = page.url
        page.get_by_role("slider", name="Total variation").press("ArrowRight")
        page.wait_for_function("before => location.href !== before", arg=before)
    assert page.evaluate("history.length") == entries

    with page.expect_response(lambda answer: answer.url.endswith("/picture/20")):
        page.get_by_test_id("scrub").fill("20")
    with page.expect_response(lambda answer: answer.url.endswith("/picture/20")):
        page.reload()
    expect(page.get_by_test_id("shown")).to_have_text("shows 20")
    written = page.url
    go(page, "Gallery")
    page.wait_for_function("location.search.includes('layer=')")
    page.go_back()
    expect(page.get_by_test_id("shown")).to_have_text("shows 20")
    assert page.url == written and run_key(page) == key and page.evaluate("history.length") == entries + 1
    page.get_by_test_id("live").click()
    page.reload()
    expect(page.get_by_test_id("branch")).to_be_enabled()
    expect(page.get_by_test_id("shown")).to_have_text("")
    page.get_by_test_id("branch").click()
    wait_for_another_run(page, key)
    page.get_by_test_id("stop").click()
    status(page, "cancelled")


def test_leaving_compare_and_gallery_and_reloading_there(visit):
    comparison = Comparison().added(Recipe(LONG)).added(Recipe(LONG))
    page = visit(f"compare?{links.COMPARISON}={links.write_comparison(comparison)}")
    start(page)
    wait_for_iteration(page, 3)
    go(page, "Gallery")
    page.get_by_role("radiogroup").get_by_text("64 px").click()
    page.get_by_test_id("tile-7").click()
    page.wait_for_function("location.search.includes('size=64') && location.search.includes('channel=7')")
    page.reload()
    expect(page.get_by_test_id("chosen")).to_have_text("Channel 7")
    go(page, "Compare")
    expect(viewer(page)).to_have_attribute("data-status", "running")
    wait_for_iteration(page, iteration(page) + 3)
    page.reload()
    wait_for_iteration(page, 6)
    expect(viewer(page)).to_have_attribute("data-status", "running")
    page.get_by_test_id("stop").click()
    status(page, "cancelled")


def test_opening_is_one_entry_of_the_history_and_the_tab_says_what_it_shows(visit):
    page = visit()
    expect(page).to_have_title("efficientnet_lite0, blocks.4.0, channel 20 - actviz")
    entries = page.evaluate("history.length")
    page.get_by_test_id("next-channel").click()
    page.wait_for_function("location.search.includes('recipe')")
    expect(page).to_have_title("efficientnet_lite0, blocks.4.0, channel 21 - actviz")
    assert page.evaluate("history.length") == entries
    page.get_by_test_id("stop").click()
    page.go_back()
    assert page.url == "about:blank"
