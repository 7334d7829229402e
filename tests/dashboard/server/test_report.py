"""A visitor's report: what is on the pages and what was done of lessons, for nobody else."""

import base64
import re
from dataclasses import replace

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from actviz_core import Channel, Frame, Recipe, Run, Spec, export
from dashboard.jobs.exports import Exports
from dashboard.server.report import MOST, address, routes
from dashboard.state.courses import COURSES
from dashboard.state.learning import Learning, Tried
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitors

RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=24, width=40))


@pytest.fixture
def visitors():
    return Visitors()


@pytest.fixture
def client(visitors):
    with TestClient(Starlette(routes=routes(visitors, Exports()))) as client:
        yield client


def shown(visitor, title):
    pixels = np.full((1, 24, 40, 3), 90, np.uint8)
    run = Run(None, 2)
    for frame in (Frame(1, pixels, (1.0,)), Frame(2, pixels, (2.5,))):
        run.note(frame, None)
    entry = visitor.show(run, lambda: RECIPE)
    entry.title = title
    return entry.key


def test_it_holds_pictures_answers_and_recipes_and_what_is_no_longer_kept_is_said(client, visitors):
    visitor, stranger = visitors.new(), visitors.new()
    stranger.state = PageState()
    name = COURSES.read().lessons[0].name
    lesson = COURSES.lesson(name, "en")
    step = next(step for step in lesson.steps if step.question and step.question.choices and step.runs)
    tried = Tried(runs=("gone",), recipes=(step.runs[0].recipe,), choices=(0, 1), opened=1.0)
    learning = Learning(places={name: step.id, "forgotten lesson": "x"}, steps={(name, step.id): tried})
    visitor.state = replace(
        PageState(), run=shown(visitor, "of Explore"), board=(shown(visitor, "column 1"),), learning=learning
    )
    answer = client.get(address(visitor, ""))
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    page = answer.text
    assert re.findall("<h2>(.*?)</h2>", page) == [
        "Explore",
        "Compare",
        f"{lesson.title}: {step.title}",
    ]
    assert "2 / 2: 2.5" in page and "no longer kept" in page
    assert all(choice.text in page for choice in step.question.choices[:2])
    first = re.search(r"data:image/png;base64,([^\"]+)", page)
    assert first and replace(export.read_recipe(base64.b64decode(first[1])), origin=None) == RECIPE
    assert "of Explore" not in client.get(address(stranger, "")).text
    assert client.get("/report/nobody/my-work.html").status_code == 404


def test_it_is_bounded(client, visitors):
    visitor = visitors.new()
    key = shown(visitor, "same")
    visitor.state = replace(PageState(), board=(key,) * (MOST + 5))
    assert client.get(address(visitor, "")).text.count("<figure>") == MOST
