"""The quiz's page without a browser: the way into it, its language, and a network that cannot be had."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from actviz_core import quiz
from dashboard.state.quizzing import QUIZZING
from tests.dashboard.screen import MAIN, go, parameters, state_of, visitor_of


@pytest.fixture
def told(monkeypatch):
    """What the quiz's component is told."""
    found = {}
    monkeypatch.setattr("dashboard.components.quiz.mount", lambda key, data: found.update(data))
    return found


def open_page(**address) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params.update(address)
    app.run()
    go(app, "Learn")
    return app


def test_it_is_opened_from_the_list_and_the_list_from_it(told, nothing_left_running):
    app = open_page()
    assert not told and any("Quiz: which image" in each.value for each in app.markdown)
    app.button(key="open_quiz").click().run()
    assert not app.exception and told["door"] == f"/quiz/{visitor_of(app).token}" and told["lang"] == "en"
    assert parameters(app) == {"quiz": "open"}
    assert told["words"]["sure_3"] == "sure" and not any("door" in each.value for each in app.markdown)
    app.button(key="all_lessons").click().run()
    assert not state_of(app).learning.quiz and parameters(app) == {}
    visitor = visitor_of(app)
    sitting = quiz.Sitting("short", ("efficientnet_lite0", ""), "", "a", 0).answered(1)
    QUIZZING.keep(visitor, sitting)
    app.segmented_control(key="language").set_value("de").run()
    assert any("1 von 7 beantwortet" in each.value for each in app.caption)
    assert app.button(key="open_quiz").label == "Weitermachen"
    while sitting.trial:
        sitting = sitting.answered(6 if sitting.trial.side == "left" else 1)
    QUIZZING.keep(visitor, sitting)
    app.run()
    assert app.button(key="open_quiz").label == "Neu beginnen", (
        "both pairs were missed that tell whether somebody looks"
    )
    app.button(key="open_quiz").click().run()
    assert (told["lang"], told["words"]["decimal"]) == ("de", ",")


def test_a_link_opens_it_and_a_network_that_is_not_there_is_said(told, nothing_left_running):
    app = open_page(quiz="open")
    assert state_of(app).learning.quiz and told["words"]["title"].startswith("Quiz")
    told.clear()
    visitor = visitor_of(app)
    visitor.state = replace(visitor.state, recipe=gone(state_of(app).recipe))
    app.run()
    assert not app.exception and not told, "the list is shown"
    assert "weights" in app.error[0].value
    QUIZZING.keep(visitor, quiz.Sitting("short", ("efficientnet_lite0", "sha256:0"), "", "a", 0))
    app.run()
    assert told, "its page offers to begin anew"


def gone(recipe):
    return replace(recipe, spec=replace(recipe.spec, weights="sha256:0"))
