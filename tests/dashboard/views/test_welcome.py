"""The first picture, which nobody asks for: when it is offered, and whose it is then."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import Channel, Recipe, Spec
from actviz_core.runs.run import CANCELLED
from dashboard.state import links, newcomer
from dashboard.state.page_state import START, WELCOME, PageState
from dashboard.state.welcome import Welcome
from tests.dashboard.screen import go, state_of, visitor_of

MAIN = Path(__file__).parents[3] / "dashboard" / "main.py"
BRIEF = 60  # seconds
FIRST = "A first picture, 128 px wide, started for you. Start makes yours, 224 px wide."


@pytest.fixture
def page(monkeypatch, nothing_left_running):
    def open_page(query: dict | None = None) -> AppTest:
        monkeypatch.setattr(Welcome, "switched_on", True)
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.query_params.update(query or {})
        app.run()
        assert not app.exception
        return app

    return open_page


def said(app: AppTest) -> list[str]:
    """What stands beside Start of a first picture."""
    return [caption.value for caption in app.caption if "first picture" in caption.value]


def offered(app: AppTest) -> bool:
    return visitor_of(app).welcome.begins is not None


def test_a_newcomers_picture_begins_once_and_is_the_one_that_the_page_shows(page):
    app = page()
    assert offered(app) and not visitor_of(app).watched
    assert said(app) == [FIRST], "page.css hides it until the picture is there"
    told = visitor_of(app).welcome.begin()
    assert told["title"] == "A first picture, started for you: efficientnet_lite0, blocks.4.0, channel 20"
    run = visitor_of(app).get(told["key"]).run
    assert run.wait(lambda run: run.iteration > 0, BRIEF) and run.newest.images.shape == (1, 128, 128, 3)
    assert visitor_of(app).welcome.begin() is None
    app.run()
    assert state_of(app) == PageState(run=told["key"]) and visitor_of(app).get(told["key"]).recipe() == WELCOME
    assert said(app) == [FIRST]
    app.button(key="start").click().run()
    assert run.wait(lambda run: run.status == CANCELLED, BRIEF) and not offered(app)
    assert visitor_of(app).get(state_of(app).run).recipe() == START
    assert not said(app)


def test_a_slider_steers_it_and_another_target_takes_its_place(page):
    app = page()
    run = visitor_of(app).get(visitor_of(app).welcome.begin()["key"]).run
    app.slider(key="jitter.pixels").set_value(3).run()
    assert run.wait(lambda run: run.marks, BRIEF) and run.marks[0][1].value("jitter.pixels") == 3
    assert state_of(app).closed == ("slider",), "that tip has been followed"
    app.number_input(key="target.channel").set_value(21).run()
    assert run.wait(lambda run: run.status == CANCELLED, BRIEF)
    assert visitor_of(app).get(state_of(app).run).recipe().spec.objective == Channel("blocks.4.0", 21)


def test_one_that_begins_in_the_moment_of_start_gives_way(page):
    app = page()
    visitor = visitor_of(app)
    take, visitor.welcome.take = visitor.welcome.take, lambda: ""  # Start's callback has not heard of it yet
    first = visitor.get(visitor.welcome.begin()["key"]).run
    visitor.welcome.withdraw = lambda: setattr(visitor.welcome, "take", take)
    app.button(key="start").click().run()
    assert first.wait(lambda run: run.status == CANCELLED, BRIEF)
    assert visitor.get(state_of(app).run).recipe() == START


def test_tips_are_for_who_came_without_a_link_and_closed_ones_stay_so(monkeypatch):
    known, given = [PageState()], {}
    monkeypatch.setattr(Welcome, "switched_on", True)
    monkeypatch.setattr(newcomer.session, "state", lambda: known[-1])
    monkeypatch.setattr(newcomer.session, "change", lambda **changes: known.append(replace(known[-1], **changes)))
    monkeypatch.setattr(newcomer, "came_by_link", lambda: bool(given))
    assert list(newcomer.tips()) == ["chart", "slider", "save"] and newcomer.is_untouched()
    for names in (["slider", "nothing", 3], None, "chart", {}):
        newcomer.close(names)
    assert list(newcomer.tips()) == ["chart", "save"] and newcomer.is_untouched()
    given["recipe"] = START
    assert not newcomer.tips() and not newcomer.is_untouched()


@pytest.mark.parametrize(
    "query",
    [
        {links.PARAMETER: links.write(Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3))))},
        {"lesson": "1-neuron"},
    ],
)
def test_an_address_that_brings_something_offers_none(query, page):
    assert not offered(page(query))


def test_nothing_is_offered_after_a_wish_on_another_page_or_where_it_is_switched_off(page, monkeypatch):
    app = page()
    go(app, "Gallery")
    assert not offered(app)
    changed = page()
    changed.number_input(key="target.channel").set_value(7).run()
    assert not offered(changed)
    monkeypatch.setattr(Welcome, "switched_on", False)
    changed = AppTest.from_file(str(MAIN), default_timeout=60).run()
    assert not offered(changed)
