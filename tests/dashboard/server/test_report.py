"""A visitor's report: what is on the pages and what was done of lessons, for nobody else."""

import base64
import re
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from actviz_core import Channel, Frame, Recipe, Run, Spec, export, quiz
from dashboard.jobs.exports import Exports
from dashboard.server.report import MOST, address, routes
from dashboard.state.courses import COURSES
from dashboard.state.learning import Learning, Tried
from dashboard.state.left import POINTS, Left, left_of
from dashboard.state.page_state import PageState
from dashboard.state.visitors import Visitors
from dashboard.words.lessons import unmarked, words
from dashboard.words.quiz import words as quiz_words

RECIPE = Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", 3), height=24, width=40))


@pytest.fixture
def visitors():
    return Visitors()


@pytest.fixture
def client(visitors):
    with TestClient(Starlette(routes=routes(visitors, Exports()))) as client:
        yield client


def ended(scores):
    pixels = np.full((1, 24, 40, 3), 90, np.uint8)
    run = Run(None, len(scores))
    for iteration, score in enumerate(scores, 1):
        run.note(Frame(iteration, pixels, (score,)), None)
    return run


def shown(visitor, title):
    entry = visitor.show(ended((1.0, 2.5)), lambda: RECIPE)
    entry.title = title
    return entry.key


def test_it_holds_pictures_answers_and_recipes_and_what_is_no_longer_kept_is_said(client, visitors, monkeypatch):
    visitor, stranger = visitors.new(), visitors.new()
    stranger.state = PageState()
    name = COURSES.read().lessons[0].name
    lesson = COURSES.lesson(name, "en")
    step = next(step for step in lesson.steps if step.question and step.question.choices and step.runs)
    recipe, left = step.runs[0].recipe, left_of(ended((0.5, -3.3)))
    step = replace(step, runs=(step.runs[0], replace(step.runs[0], title="rate <64>")))
    monkeypatch.setattr(COURSES, "lesson", lambda name, lang: replace(lesson, steps=(step,)))
    tried = Tried(("gone", "gone too"), (recipe, recipe), (Left(), left), choices=(0, 1), opened=1.0)
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
    assert f"data:image/jpeg;base64,{base64.b64encode(left.picture).decode()}" in page and "A small copy" in page
    assert "rate &lt;64&gt;</strong><br>2 / 2: −3.3 ·" in page and page.count("<polyline") == 3
    assert all(choice.text in page for choice in step.question.choices[:2])
    first = re.search(r"data:image/png;base64,([^\"]+)", page)
    assert first and replace(export.read_recipe(base64.b64decode(first[1])), origin=None) == RECIPE
    assert "of Explore" not in client.get(address(stranger, "")).text
    assert client.get("/report/nobody/my-work.html").status_code == 404


def measured(step):
    return {check.measure.name for check in step.checks}


def test_a_step_that_has_but_a_question_has_no_task(client, visitors):
    lesson, visitor = COURSES.lesson("9-shortcut", "en"), visitors.new()
    only, both = lesson.step("lawn"), lesson.step("channels")
    assert measured(only) == {"right"} < measured(both)
    steps = {(lesson.name, step.id): Tried(choices=(1,), opened=1.0, met=True) for step in (only, both)}
    visitor.state = replace(PageState(), learning=Learning(places={lesson.name: "lawn"}, steps=steps))
    page = client.get(address(visitor, "")).text
    assert page.count("<dt>Task</dt>") == 1 and page.index("<dt>Task</dt>") > page.index(both.title)


@pytest.mark.parametrize("lang", ["en", "de", "fr"])
def test_it_has_the_quiz_in_the_readers_language(client, visitors, lang):
    visitor, said = visitors.new(), quiz_words(lang)
    visitor.state = replace(PageState(), learning=Learning(lang=lang))
    assert "<h2>" not in client.get(address(visitor, "")).text
    sitting = quiz.Sitting("short", ("small", ""), "images", "a", 0).answered(1)
    visitor.sitting = sitting
    begun = client.get(address(visitor, "")).text
    assert said["progress"].format(n=1, of=7) in begun and begun.count("<dt>") == 1
    visitor.sitting = done(sitting, right=True)
    terms, told = lines_in(client.get(address(visitor, "")).text)
    at = dict(zip(terms, told, strict=True))
    assert said["checks"] in at[said["end_own"]] and said["not_counted"] not in at[said["end_own"]]
    assert at[said["with_natural"]].startswith(said["of"].format(right=1, of=1) + " (21–100 %) ·")
    assert at[said["with_both"]] == said["of"].format(right=1, of=1) + " (21–100 %)"
    assert len(terms) == 2 + 4 + 3 + 7 and all(said["sure_2"] in each for each in told[10:])
    assert sum(said["check"] in each for each in told) == 2
    assert sum(each.split(" · ")[1] == said["was_right"] for each in told[9:]) == 6  # the one for practice was not
    visitor.sitting = done(sitting, right=False)
    terms, told = lines_in(client.get(address(visitor, "")).text)
    assert said["not_counted"] in told[1]
    assert not any(
        f" · {verdict}" in each for each in told[10:] for verdict in (said["was_right"], said["was_wrong"])
    ), "they may be asked again"


def done(sitting: quiz.Sitting, right: bool) -> quiz.Sitting:
    while sitting.trial:
        sitting = sitting.answered(2 if (sitting.trial.side == "left") == right else 5)
    return sitting


def lines_in(page: str) -> tuple[list[str], list[str]]:
    return tuple([unescape(each) for each in re.findall(f"<{tag}>(.*?)</{tag}>", page)] for tag in ("dt", "dd"))


def test_what_was_asked_is_said_without_marks():
    assert unmarked("What will *daisy* in `head` show? **2 * 3** [what](glossary:what)") == (
        "What will daisy in head show? 2 * 3 what"
    )


@pytest.mark.parametrize(("lang", "name"), [("de", "meine-arbeit"), ("fr", "mon-travail"), ("en", "my-work")])
def test_its_frame_is_in_the_readers_language_also_where_the_lesson_is_not(client, visitors, lang, name, monkeypatch):
    lesson, said = COURSES.lesson("9-shortcut", "en"), words(lang)
    monkeypatch.setattr(COURSES, "lesson", lambda name, lang: lesson)  # there in English only
    step = lesson.step("channels")
    visitor = visitors.new()
    tried = Tried(choices=tuple(range(len(step.question.choices))), opened=1.0)
    learning = Learning(lang=lang, places={lesson.name: step.id}, steps={(lesson.name, step.id): tried})
    visitor.state = replace(PageState(), run=shown(visitor, "of Explore"), learning=learning)
    answer = client.get(address(visitor, ""))
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.html"'
    lines = re.findall("<d[td]>(.*?)</d[td]>", answer.text)
    assert lines[2:] == [said["report_task"], said["report_not_met"]]
    assert all(f"({said[word].rstrip('.')})" in lines[1] for word in ("right", "wrong"))
    assert f"2 / 2: 2{said['decimal']}5" in answer.text


def test_what_a_run_leaves_is_small_and_goes_from_its_first_score_to_its_last():
    noise = np.random.default_rng(0).integers(0, 256, (1, 600, 400, 3), np.uint8)
    run = Run(None, 999)
    for iteration in range(1, 1000):
        run.note(Frame(iteration, noise, (float(iteration),)), None)
    left = left_of(run)
    assert len(left.picture) < 20_000 and (left.iteration, left.iterations) == (999, 999)
    assert (left.scores[0], left.scores[-1]) == (1.0, 999.0) and len(left.scores) <= POINTS
    assert left_of(Run(None, 5)) == Left(iterations=5)


def test_it_is_bounded(client, visitors):
    visitor = visitors.new()
    key = shown(visitor, "same")
    visitor.state = replace(PageState(), board=(key,) * (MOST + 5))
    assert client.get(address(visitor, "")).text.count("<figure>") == MOST
