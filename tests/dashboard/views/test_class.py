"""The class on a member's pages, without a browser: what is pushed is obeyed once, and progress comes back."""

from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from actviz_core.quiz import Sitting
from actviz_core.runs.history import PICTURE_BYTES
from dashboard.server.wall import tile_of
from dashboard.state import links
from dashboard.state.allowance import IN_CLASS
from dashboard.state.classroom import CLASSROOM
from dashboard.state.courses import COURSES
from dashboard.state.learning import END
from dashboard.state.member import Answer
from dashboard.state.page_state import START
from dashboard.state.visitors import VISITORS
from dashboard.words.classroom import words
from tests.dashboard.screen import go, state_of, visitor_of
from tests.dashboard.views.test_learn import page, say, told

__all__ = "page", "told"  # fixtures

EVENT = {}
DATA = {}  # what the component was told last
SMALL = replace(START, spec=replace(START.spec, height=64, width=64, iterations=4))


@pytest.fixture(autouse=True)
def class_is_open(monkeypatch):
    """There is a class; the member's component sends EVENT when its button is pressed."""

    def mount(key, data, on_event_change):
        DATA.update(data)
        st.session_state[key] = {"event": dict(EVENT)}
        st.button("member", key="member.event", on_click=on_event_change)
        return {}

    monkeypatch.setattr("dashboard.components.member.mount", mount)
    monkeypatch.setattr("dashboard.actions.membership.is_teacher", lambda: False)  # AppTest has no cookies
    monkeypatch.setattr(CLASSROOM, "open", True)
    yield
    CLASSROOM.forget()


def join(app: AppTest, secret: str = ""):
    return CLASSROOM.join(visitor_of(app), CLASSROOM.join_token, secret, "en")


def hear(app: AppTest, **event) -> None:
    """What the member's component asks of the page."""
    turn = EVENT.get("turn", 0) + 1
    EVENT.clear()
    EVENT.update(event | {"turn": turn})
    app.run()
    app.button(key="member.event").click().run()
    assert not app.exception


def test_progress_is_noted_and_comes_back_to_another_server(page, told):
    app = page("noise")
    member = join(app)
    say(app, kind="answer", index=0)
    say(app, kind="hint")
    app.run()
    noted = member.noted
    assert (noted.lesson, noted.step, noted.done) == ("first", "noise", ())
    assert noted.answers == {"noise": Answer(0, right=False)} and CLASSROOM.histogram("first", "noise").choices == {
        0: 1
    }
    later = page("noise")
    assert join(later, member.secret) is member and told["question"]["first"] is None
    later.run()
    tried = state_of(later).learning.tried
    assert (tried.choices, tried.hints, told["question"]["first"]) == ((0,), 1, 0)
    say(later, kind="answer", index=1)
    hear(later, kind="joined")
    assert state_of(later).learning.tried.choices == (0, 1), "what was done since is not undone"


def test_what_can_be_pushed_is_in_the_address_of_the_teachers_page(page):
    app = page()
    go(app, "Class")
    assert not app.query_params
    visitor_of(app).state = replace(state_of(app), recipe=SMALL)
    app.run()
    assert links.read(app.query_params) == SMALL


def test_a_member_who_comes_back_to_the_list_is_where_the_class_is(page, told):
    app = page("noise")
    member = join(app)
    app.run()
    later = page()
    join(later, member.secret)
    hear(later, kind="joined")
    assert state_of(later).learning.place == ("first", "noise")


def test_the_wall_says_where_a_member_is_as_the_pages_do(page, told):
    app = page("noise")
    member = join(app)
    app.run()

    def place() -> str:
        return tile_of(member, False, frozenset())["place"]

    assert place() == COURSES.lesson("first", "en").step("noise").title != "noise"
    known = state_of(app)
    visitor_of(app).state = replace(known, learning=known.learning.opened("first", END))
    assert place().startswith("end of")
    visitor_of(app).state = known
    go(app, "Explore")
    assert place() == "Explore", "though it was in a lesson before"
    go(app, "Learn")
    app.button(key="all_lessons").click().run()
    assert place() == "Learn"
    app.button(key="open_quiz").click().run()
    assert place() == "Quiz"
    member.visitor = None  # another server's
    assert place() == COURSES.lesson("first", "en").step("noise").title


def test_the_quiz_stays_open_for_a_member_whose_lesson_comes_back(page, told):
    app = page("noise")
    member = join(app)
    app.run()
    later = page()
    later.button(key="open_quiz").click().run()
    join(later, member.secret)
    hear(later, kind="joined")
    learning = state_of(later).learning
    assert learning.quiz and learning.lesson == "" and learning.places["first"] == "noise"
    assert later.query_params["quiz"] == "open"


def test_a_pushed_step_opens_once_and_a_recipe_starts_with_the_members_seed(page, told):
    app = page()
    member = join(app)
    pushed = CLASSROOM.push("step", lesson="first", step="blur")
    go(app, "Explore")
    for number in (pushed.number + 1, "x", pushed.number):
        hear(app, kind="pushed", number=number)
        assert state_of(app).learning.place == (("first", "blur") if number == pushed.number else ("", ""))
    assert member.followed == pushed.number
    go(app, "Learn")
    say(app, kind="go", step="noise")
    hear(app, kind="pushed", number=pushed.number)
    assert state_of(app).learning.place == ("first", "noise")
    member.seat = 5
    pushed = CLASSROOM.push("recipe", recipe=SMALL, seeds=True)
    hear(app, kind="pushed", number=pushed.number)
    state = state_of(app)
    assert state.recipe.spec.seed == SMALL.spec.seed + 5 and visitor_of(app).get(state.run).recipe() == state.recipe
    assert visitor_of(app).get(state.run).run.history.pictures.bound == IN_CLASS.pictures < PICTURE_BYTES
    gone = CLASSROOM.push("step", lesson="nowhere", step="")
    hear(app, kind="pushed", number=gone.number)
    assert "no lesson 'nowhere'" in " ".join(each.value for each in app.error).replace("\\", "")


def test_that_a_run_waits_is_said_in_the_members_language(page, told):
    app = page("noise")
    join(app)
    say(app, kind="answer", index=2)
    state = state_of(app)
    visitor_of(app).state = replace(state, learning=replace(state.learning, lang="de"))
    go(app, "Explore")
    assert [toast.value for toast in app.toast] == [words("de")["waits_run"].format(place="Learn")]


def test_the_quiz_is_pushed_over_a_lesson_which_stays_as_it_was(page, told):
    app = page("noise")
    member = join(app)
    say(app, kind="answer", index=0)
    pushed = CLASSROOM.push("quiz")
    hear(app, kind="pushed", number=pushed.number)
    learning = state_of(app).learning
    assert (learning.quiz, learning.lesson, member.followed) == (True, "", pushed.number)
    assert learning.at(("first", "noise")).choices == (0,) and learning.places["first"] == "noise"
    assert app.query_params["quiz"] == "open" and tile_of(member, False, frozenset())["place"] == "Quiz"
    member.sitting = Sitting("short", ("small", ""), "x", "y", 0).answered(1)
    assert tile_of(member, False, frozenset())["place"] == "Quiz, 1 of 7"
    go(app, "Explore")
    hear(app, kind="pushed", number=pushed.number)
    assert visitor_of(app).page == "explore", "it is obeyed once"
    pushed = CLASSROOM.push("quiz")
    hear(app, kind="pushed", number=pushed.number)
    assert state_of(app).learning.quiz and member.followed == pushed.number


def test_a_class_speaks_each_members_language_and_a_pushed_step_opens_in_it(page, told, monkeypatch):
    pushed = CLASSROOM.push("step", lesson="1-neuron", step="first-picture")
    titles = {}
    for locale, lang in (("de-AT", "de"), ("fr", "fr"), ("it-IT", "en"), (None, "en")):
        monkeypatch.setattr(type(st.context), "locale", locale)
        app = page()
        join(app)
        hear(app, kind="pushed", number=pushed.number)
        assert (DATA["lang"], DATA["words"]) == (lang, words(lang)) and told["lang"] == lang
        titles[lang] = told["title"]
    assert len(set(titles.values())) == 3


def test_the_language_that_a_member_chose_outlives_a_lesson_that_is_there_in_another_one_only(page, told, monkeypatch):
    monkeypatch.setattr(type(st.context), "locale", "de-DE")
    app = page()
    member = join(app)
    app.segmented_control(key="language").set_value("fr").run()
    app.button(key="lesson.first").click().run()
    assert told["lang"] == "en" and DATA["lang"] == "fr" and member.noted.lang == "fr"
    later = page("noise")
    join(later, member.secret)
    later.run()
    assert state_of(later).learning.lang == DATA["lang"] == "fr"


def test_who_is_no_member_is_told_nothing(page, told):
    app = page()
    pushed = CLASSROOM.push("step", lesson="first", step="blur")
    for event in ({"kind": "pushed", "number": pushed.number}, {"kind": "joined"}, {"kind": "else"}):
        hear(app, **event)
    assert state_of(app).learning.place == ("", "") and VISITORS.get(visitor_of(app).token)
