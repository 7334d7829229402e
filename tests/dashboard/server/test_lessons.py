"""The routes of lessons: whose step it is, what is told while a picture is covered, and a run's newest step."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from actviz_core import Frame, Run
from dashboard.server.lesson_numbers import told
from dashboard.server.lessons import offers_hint, routes
from dashboard.server.thumbnails import Thumbnails, awaited, cover_of, newest
from dashboard.server.wall import tile_of
from dashboard.state.classroom import Classroom
from dashboard.state.courses import COURSES
from dashboard.state.learning import END, Learning, Tried
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitors

FOLDER = Path(__file__).parents[2] / "lessons"


def frame(iteration: int, score: float) -> Frame:
    images = np.full((1, 4, 6, 3), 9, np.uint8)
    return Frame(iteration, images, (score,), gradient=(0.5 / iteration,), learning_rate=0.25, uphill=images)


@pytest.fixture
def visitor(monkeypatch):
    monkeypatch.setattr(COURSES, "folders", (str(FOLDER),))
    visitor, run = Visitors().new(), Run(iter(()), 10)
    step = COURSES.lesson("first", "en").step("noise")
    visitor.show(run, lambda: step.runs[0].recipe, "yours")
    for each in (frame(1, 2.0), frame(2, 3.0), frame(3, 5.0)):
        run.note(each, None)
    tried = Tried(runs=(run.key,), recipes=(step.runs[0].recipe,), starts=1)
    learning = Learning().opened("first", "noise").with_tried(("first", "noise"), tried)
    visitor.state = PageState(learning=learning)
    return visitor


@pytest.fixture
def client(visitor):
    with TestClient(Starlette(routes=routes(visitor.visitors))) as client:
        yield client


def asked(client, visitor, what: str) -> dict:
    answer = client.get(f"/lessons/{visitor.token}/{what}")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    return answer.json()


def test_a_covered_picture_is_neither_told_of_in_numbers_nor_on_the_wall(client, visitor):
    place, key = ("first", "noise"), visitor.state.learning.tried.runs[0]
    news = asked(client, visitor, "progress")
    assert (news["step"], news["checks"], news["met"], news["now"], news["ended"]) == ("noise", [], False, None, False)
    assert asked(client, visitor, "numbers") == {"step": "noise", "runs": []}
    assert client.get(f"/lessons/{visitor.token}/gradient/{key}.png").status_code == 404
    assert newest(visitor) is None and cover_of(visitor) == "own"
    learning = visitor.state.learning
    tried = Tried(learning.tried.runs, learning.tried.recipes, choices=(0,))
    visitor.state = PageState(learning=learning.with_tried(place, tried))
    assert asked(client, visitor, "progress")["checks"] == [["Iteration is 3; at least 5 is asked.", False]]
    [run] = asked(client, visitor, "numbers")["runs"]
    assert (run["iteration"], run["step"], run["before"], run["rise"]) == (3, 3, 5.0, 2.0)
    assert newest(visitor) == (visitor.get(key), visitor.get(key).run.newest) and not cover_of(visitor)
    picture = client.get(f"/lessons/{visitor.token}/gradient/{key}.png")
    assert picture.headers["content-type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    assert client.get(f"/lessons/{visitor.token}/gradient/other.png").status_code == 404


def test_the_wall_covers_a_picture_while_others_at_its_step_have_to_predict(visitor):
    place, room = ("first", "noise"), Classroom()
    room.open = True
    done = replace(visitor.state.learning.tried, choices=(0,))
    visitor.state = PageState(learning=visitor.state.learning.with_tried(place, done))
    member, other = (room.join(each, room.join_token, "", "en") for each in (visitor, visitor.visitors.new()))
    thumbnails, key = Thumbnails(), done.runs[0]
    for each in (member, other):
        each.visitor.page = "learn"

    def covered() -> str:
        places = awaited(room)
        assert (newest(visitor, places) is None) == (thumbnails.of(member, awaited=places) is None) == bool(places)
        return tile_of(member, False, places)["covered"]

    other.visitor.state = PageState(learning=Learning().opened(*place))
    assert covered() == "others"
    other.visitor.page = "explore"
    assert covered() == "" and thumbnails.of(member)[0] == (key, 3)
    other.visitor.page = "learn"
    assert covered() == "others", "also where it was on the wall before"
    room.left(other)
    assert covered() == ""
    other.connections = 1
    room.reveal(*place)
    assert covered() == ""
    room.reveal("", "")
    other.visitor.state = PageState(learning=Learning().opened(*place).with_tried(place, done))
    assert covered() == ""


def test_who_is_at_no_step_is_told_so(client, visitor):
    assert client.get("/lessons/nobody/progress").status_code == 404
    for learning in (Learning(), Learning().opened("first", END), Learning().opened("gone", "noise")):
        visitor.state = PageState(learning=learning)
        for what in ("progress", "numbers", "gradient/x.png"):
            assert client.get(f"/lessons/{visitor.token}/{what}").status_code == 404


def test_a_hint_is_offered_late_or_after_a_wrong_answer_and_each_once(visitor, monkeypatch):
    monkeypatch.setattr("dashboard.server.lessons.time.monotonic", lambda: 1000.0)
    step = COURSES.lesson("first", "en").step("noise")  # 60 s, one try
    assert not offers_hint(step, Tried(opened=941.0)) and offers_hint(step, Tried(opened=940.0))
    assert offers_hint(step, Tried(opened=1000.0, choices=(0,)))
    assert not offers_hint(step, Tried(opened=1000.0, choices=(1,))), "that one is right"
    assert not offers_hint(step, Tried(opened=0.0, choices=(0,), hints=1)), "there is no other"


def test_a_run_that_has_made_no_step_has_no_numbers_and_the_first_one_no_rise():
    visitor, run = Visitors().new(), Run(iter(()), 10)
    entry = visitor.show(run, lambda: None)
    assert (told(entry, True)["iteration"], told(entry, True)["step"], told(entry, True)["noise"]) == (0, None, None)
    run.note(frame(1, 2.0), None)
    assert told(entry, True) | {"run": ""} == {
        "run": "",
        "title": "",
        "iteration": 1,
        "step": 1,
        "before": 2.0,
        "rise": None,
        "gradient": 0.5,
        "rate": 0.25,
        "noise": 0.0,
        "pictured": True,
    }
