"""The first minute: what a newcomer sees, and is spared later."""

import pytest
from playwright.sync_api import expect

from dashboard.state.newcomer import TIPS
from tests.browser.conftest import QUERY, Server

# By the page itself, with the first picture: on a busy machine the short run would be over before a test's click.
STOP_ONCE = """const looking = setInterval(() => {
    const stop = document.querySelector("[data-testid=stop]");
    if (sessionStorage.getItem("stopped")) clearInterval(looking);
    else if (stop && document.querySelector("[data-testid=viewer]")?.dataset.drawn > 0) {
        sessionStorage.setItem("stopped", "yes");
        stop.click();
    }
}, 20);"""


@pytest.fixture
def welcoming(tmp_path):
    server = Server(tmp_path, welcome=True)
    yield server
    server.stop()


def test_a_newcomer_sees_a_picture_form_and_who_comes_otherwise_does_not(welcoming, visit, profile):
    page = profile.new_page()
    page.add_init_script(STOP_ONCE)
    page.goto(f"{welcoming.url}/")
    viewer, asked = page.get_by_test_id("viewer"), []
    expect(viewer).to_have_attribute("data-status", "cancelled")
    expect(page.get_by_test_id("title")).to_contain_text("A first picture, started for you")
    expect(page.get_by_text("Start makes yours")).to_be_visible()  # though the page is not drawn anew
    at = viewer.get_attribute("data-iteration")
    page.reload()  # the same visitor, who has had it
    expect(viewer).to_have_attribute("data-status", "cancelled")
    assert viewer.get_attribute("data-iteration") == at

    for query, motion in (("", "reduce"), (QUERY[""], "no-preference")):
        other = profile.new_page()
        other.on("request", lambda request: asked.append(request.url))
        other.emulate_media(reduced_motion=motion)
        other.goto(f"{welcoming.url}/{query}")
        expect(other.get_by_test_id("viewer")).to_contain_text("Opened" if query else "Nothing moves by itself here")
        expect(other.get_by_test_id("viewer")).to_contain_text("ress Start")
        expect(other.get_by_text("Start makes yours")).to_be_hidden()
        assert not [url for url in asked if url.endswith("/welcome")]
        expect(other.get_by_test_id("tips")).to_have_count(0 if query else 1)
        other.close()

    tips = page.get_by_test_id("tips")
    page.get_by_test_id("save").click()
    with page.expect_download():
        page.get_by_test_id("save-csv").click()  # what is followed goes by itself, shown or not
    page.wait_for_function("localStorage.getItem('actviz-tips')?.includes('save')")
    tips.get_by_role("button", name="Got it").focus()
    for name, text in [(name, text) for name, text in TIPS.items() if name != "save"]:  # by the keyboard alone
        expect(tips).to_contain_text(text)
        page.keyboard.press("Enter")
        expect(page.locator(f"[data-testid=tips][data-tip={name}]").locator("visible=true")).to_have_count(0)
    expect(tips).to_be_hidden()
    expect(viewer).to_be_focused()
    page.locator("[data-test-script-state=notRunning]").wait_for(state="attached")
    page.reload()
    expect(viewer).to_have_attribute("data-status", "cancelled")
    expect(tips).to_have_count(0)  # the visitor knows
    page = visit(of=welcoming)
    expect(page.get_by_test_id("viewer")).to_be_visible()
    expect(page.get_by_test_id("tips")).to_be_attached()
    expect(page.get_by_test_id("tips")).to_be_hidden()  # the browser does
