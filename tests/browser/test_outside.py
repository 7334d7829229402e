"""Nothing leaves the machine: every request of a fresh browser profile goes to the server itself."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from actviz_core import Channel, Spec
from tests.browser.test_explore import address

INSIDE = ("data", "blob")
SPEC = Spec("efficientnet_lite0", Channel("blocks.1.0", 3), iterations=3, height=64, width=64)


def look_at_everything(page) -> None:
    """Opens every tab and popover of a page."""
    for tab in [None, *page.locator("[role=tab]").all()]:
        if tab is not None:
            tab.click()
        for popover in page.get_by_test_id("stPopoverButton").filter(visible=True).all():
            popover.click()
            page.keyboard.press("Escape")


def test_every_request_goes_to_the_server_itself(visit, server, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(25_000)
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: asked.append(socket.url)))
    page = visit(address(SPEC), context)
    look_at_everything(page)
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_function("document.querySelector('[data-testid=viewer]')?.dataset.status === 'finished'")
    page.request.get(server.url + page.get_by_test_id("save-png").get_attribute("href"))
    page.get_by_role("button", name="Add to comparison").click()
    expect(page.get_by_text("Compare has 1 column now")).to_be_visible()
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_role("tab", name="Sweep").wait_for()
    look_at_everything(page)
    page.get_by_role("link", name="Gallery", exact=True).click()
    page.get_by_test_id("gallery").wait_for()
    look_at_everything(page)
    context.close()
    host = urlsplit(server.url).netloc
    assert any(url.startswith("ws://") for url in asked)
    assert [url for url in asked if urlsplit(url).netloc != host and urlsplit(url).scheme not in INSIDE] == []
