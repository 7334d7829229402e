"""Saving, as people do it."""

import io
import re

from PIL import Image
from playwright.sync_api import expect


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
    assert re.fullmatch(r"efficientnet_lite0-blocks\.4\.0-channel-20-iteration-\d+\.webp", download.value.suggested_filename)
    assert Image.open(io.BytesIO(download.value.path().read_bytes())).n_frames > 1
    expect(page.get_by_test_id("saving")).to_have_text("")

    # What cannot be made is told.
    page.route("**/save/run.gif", lambda route: route.abort())
    save.click()
    page.get_by_test_id("save-gif").click()
    expect(page.get_by_test_id("saving")).to_have_text("Could not save the GIF.")
