"""The first minute: what a newcomer sees, and is spared later."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import QUERY, Server


@pytest.fixture
def welcoming(tmp_path):
    server = Server(tmp_path, welcome=True)
    yield server
    server.stop()


def test_a_newcomer_sees_a_picture_form_and_who_comes_otherwise_does_not(welcoming, visit, profile):
    page = visit(of=welcoming)
    viewer, asked = page.get_by_test_id("viewer"), []
    expect(page.get_by_test_id("title")).to_contain_text("A first picture, started for you")
    page.wait_for_function("+document.querySelector('[data-testid=viewer]').dataset.drawn > 2")
    page.get_by_test_id("stop").click()
    expect(viewer).to_have_attribute("data-status", "cancelled")
    at = viewer.get_attribute("data-iteration")
    page.reload()  # the same visitor, who has had it
    expect(viewer).to_have_attribute("data-status", "cancelled")
    assert viewer.get_attribute("data-iteration") == at

    for query, motion in (("", "reduce"), (QUERY[""], "no-preference")):
        other = profile.new_page()
        other.on("request", lambda request: asked.append(request.url))
        other.emulate_media(reduced_motion=motion)
        other.goto(f"{welcoming.url}/{query}")
        expect(other.get_by_test_id("viewer")).to_contain_text("ress Start")
        assert not [url for url in asked if url.endswith("/welcome")]
        other.close()
