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
from dashboard.server.report import MOST, address, routes, unmarked
from dashboard.state.courses import COURSES
from dashboard.state.learning import Learning, Tried
from dashboard.state.page_state import PageState
from dashboard.state.thumbnail import LEFT, small
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
    recipe, left = step.runs[0].recipe, small(np.full((99, 99, 3), 90, np.uint8), LEFT)
    tried = Tried(("gone", "gone too"), (recipe, recipe), (b"", left), choices=(0, 1), opened=1.0)
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
    assert "2 / 2: 2.5" in page and page.count("no longer kept") == 1
    assert f"data:image/jpeg;base64,{base64.b64encode(left).decode()}" in page and "A small copy" in page
    assert all(choice.text in page for choice in step.question.choices[:2])
    first = re.search(r"data:image/png;base64,([^\"]+)", page)
    assert first and replace(export.read_recipe(base64.b64decode(first[1])), origin=None) == RECIPE
    assert "of Explore" not in client.get(address(stranger, "")).text
    assert client.get("/report/nobody/my-work.html").status_code == 404


def test_what_was_asked_is_said_without_marks():
    assert unmarked("What will *daisy* in `head` show? **2 * 3** [what](glossary:what)") == (
        "What will daisy in head show? 2 * 3 what"
    )


def test_a_picture_that_a_run_leaves_is_small():
    noise = np.random.default_rng(0).integers(0, 256, (600, 400, 3), np.uint8)
    assert len(small(noise, LEFT)) < 20_000


def test_it_is_bounded(client, visitors):
    visitor = visitors.new()
    key = shown(visitor, "same")
    visitor.state = replace(PageState(), board=(key,) * (MOST + 5))
    assert client.get(address(visitor, "")).text.count("<figure>") == MOST
