"""Saving, as people do it."""

import io
import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from PIL import Image
from playwright.sync_api import Page, expect

from actviz_core import Recipe
from dashboard.state import links
from tests.browser.test_explore import LONG, address, iteration, saved, start, status, wait_for_iteration


def test_a_run_is_saved_from_its_menu(visit):
    page = visit()
    save, links = page.get_by_test_id("save"), page.locator(".av-menu a")
    expect(save).to_be_disabled()
    expect(links).to_have_count(0)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(save).to_be_enabled()
    page.get_by_test_id("stop").click()
    expect(page.get_by_test_id("viewer")).to_have_attribute("data-status", "cancelled")
    assert all("/live/" in link.get_attribute("href") for link in links.all())

    # With the keyboard, and a film that takes its time: what the page says meanwhile.
    held = []
    page.route("**/save/run.webp", lambda route: held.append(route))
    page.route("**/save/run.webp/place", lambda route: route.fulfill(json={"place": 2}))
    save.focus()
    page.keyboard.press("Enter")
    expect(save).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("save-webp")).to_be_hidden()
    page.keyboard.press("Enter")
    page.get_by_test_id("save-webp").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("saving")).to_have_text("Making the WebP animation… 2nd in the queue")
        expect(save).to_be_focused()
        held[0].continue_()
    assert re.fullmatch(
        r"efficientnet_lite0-blocks\.4\.0-channel-20-iteration-\d+\.webp", download.value.suggested_filename
    )
    assert Image.open(io.BytesIO(download.value.path().read_bytes())).n_frames > 1
    expect(page.get_by_test_id("saving")).to_have_text("")

    # What cannot be made is told.
    page.route("**/save/run.gif", lambda route: route.abort())
    save.click()
    page.get_by_test_id("save-gif").click()
    expect(page.get_by_test_id("saving")).to_have_text("Could not save the GIF.")


def test_a_link_with_all_changes_is_copied_with_the_keyboard_and_what_is_said_moves_nothing(visit):
    page = visit(address(LONG), size={"width": 1280, "height": 800})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    start(page)
    wait_for_iteration(page, 2)
    page.get_by_role("tab", name="Optimization").click()
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    page.wait_for_function("decodeURIComponent(location.href).includes('\"learning_rate\":0.2')")
    wait_for_iteration(page, iteration(page) + 2)
    page.get_by_test_id("stop").click()
    status(page, "cancelled")
    page.get_by_test_id("save").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("copy-link").focus()
    page.keyboard.press("Enter")
    told = page.get_by_role("status").filter(has_text="Link copied")
    expect(told).to_be_visible()
    expect(page.get_by_test_id("save")).to_be_focused()
    link = page.evaluate("navigator.clipboard.readText()")
    made = Recipe.from_json(saved(page, "save-recipe").text())
    assert made.changes and links.read(dict(parse_qsl(urlsplit(link).query))) == replace(made, origin=None)

    # Pages that came over plain HTTP have no clipboard.
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.evaluate(
        "document.addEventListener('copy', () => { "
        "window.copied = document.getSelection().toString() || document.activeElement.value; })"
    )
    page.get_by_test_id("save").click()
    page.get_by_test_id("copy-link").click()
    page.wait_for_function("link => window.copied === link", arg=link)
    expect(page.get_by_test_id("save")).to_be_focused()

    other = visit(f"?{urlsplit(link).query}")
    expect(other.get_by_text("Opened from the address of this page; press Start.")).to_be_visible()
    start(other)
    wait_for_iteration(other, made.picture)
    status(other, "paused")
    assert Recipe.from_json(saved(other, "save-recipe").text()).changes == made.changes
    other.close()
    page.bring_to_front()
    moves_nothing_and_goes(page)


def moves_nothing_and_goes(page: Page) -> None:
    """What is said of saving."""
    page.get_by_test_id("architecture").wait_for()  # what stands above has its place

    def places():
        return [page.get_by_test_id(name).bounding_box() for name in ("save", "branch", "stop", "picture-0")]

    held, before, saving = [], places(), page.get_by_test_id("saving")
    page.route("**/save/run.webp", lambda route: held.append(route))
    page.get_by_test_id("save").click()
    with page.expect_request("**/save/run.webp"):
        page.get_by_test_id("save-webp").click()
    expect(saving).to_have_text("Making the WebP animation…")
    assert places() == before
    held[0].abort()
    expect(saving).to_have_text("Could not save the WebP animation.")
    assert places() == before
    page.get_by_test_id("save").click()
    page.get_by_test_id("copy-link").click()
    expect(saving).to_have_text("Link copied")
    assert places() == before
    expect(saving).to_have_text("")
