"""A member's progress in a lesson, as the class knows it: noted with every drawing of Learn, restored after a loss."""

import json
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

from actviz_core import ActvizError, Step
from dashboard.actions import lessons
from dashboard.actions.lessons import Opened
from dashboard.state import links, session
from dashboard.state.callbacks import draw_anew
from dashboard.state.classroom import CLASSROOM
from dashboard.state.courses import COURSES
from dashboard.state.learning import Learning, Tried
from dashboard.state.member import LONGEST_KEPT, Answer, Noted

PLAIN = "choices", "estimate", "hints", "starts", "met"


def note(shown: Opened) -> None:
    """The class hears where its member is and what was answered; what it knows from another server comes back first."""
    token = session.visitor().token
    member = CLASSROOM.of(token)
    if member is None:
        return
    if member.noted is not None and member.noted_by != token and restore(member.noted):
        draw_anew()
    learning, lesson = session.learning(), shown.lesson
    tried = {step.id: learning.at((lesson.name, step.id)) for step in shown.steps}
    answers = {step.id: answer_of(step, tried[step.id]) for step in shown.steps if tried[step.id].predicted}
    done = tuple(step.id for step in shown.steps if lessons.is_done(step, tried[step.id]))
    at = shown.place[1]
    noted = Noted(lesson.name, lesson.lang, at, answers, done, kept(tried, at))
    CLASSROOM.note(token, noted)


def answer_of(step: Step, tried: Tried) -> Answer:
    """The first one, which was given before the picture was seen."""
    if tried.choices and step.question:
        return Answer(tried.choices[0], right=step.question.choices[tried.choices[0]].right)
    return Answer(estimate=tried.estimate)


def kept(tried: dict[str, Tried], at: str) -> str:
    """What was done at each step, and the settings of the step where the member is if they are not too long."""
    done = {step: {name: getattr(each, name) for name in PLAIN} for step, each in tried.items() if each.opened}
    recipes = [links.write(recipe) for recipe in tried[at].recipes] if at in tried else []
    text = json.dumps({"steps": done, "recipes": recipes})
    return text if len(text) <= LONGEST_KEPT else json.dumps({"steps": done, "recipes": []})


def restore(noted: Noted) -> bool:
    """What the class knows, where this visitor has done nothing of that lesson yet; whether there was anything."""
    learning = session.learning()
    begun = [tried for (lesson, _), tried in learning.steps.items() if lesson == noted.lesson]
    if any(tried.predicted or tried.met or tried.hints for tried in begun):
        return False
    with suppress(ActvizError, ValueError, LookupError, TypeError):  # of a lesson that has changed meanwhile
        session.learn(restored(learning, noted, json.loads(noted.kept)))
    return session.learning() != learning


def restored(learning: Learning, noted: Noted, data: dict[str, Any]) -> Learning:
    """What was done at each step that is still there; runs of the open one begin anew where they were set otherwise."""
    lesson, now = COURSES.lesson(noted.lesson, noted.lang), time.monotonic()
    if not (learning.lesson or learning.quiz or learning.steps):  # just opened by no address: where the class is
        learning = learning.opened(noted.lesson, noted.step)
    for step in sorted(lesson.steps, key=lambda step: step.id == noted.step):  # the one looked at last at the end
        place, done = (lesson.name, step.id), data["steps"].get(step.id)
        if done and all(
            0 <= choice < len(step.question.choices if step.question else ()) for choice in done["choices"]
        ):
            before = learning.at(place)
            told = {name: done[name] for name in PLAIN} | {"choices": tuple(done["choices"])}
            learning = learning.with_tried(place, replace(before, opened=before.opened or now, **told))
    set_to = [links.write(recipe) for recipe in learning.tried.recipes]
    if data["recipes"] and learning.place == (noted.lesson, noted.step) and data["recipes"] != set_to:
        learning = learning.with_tried(learning.place, with_recipes(learning.tried, data["recipes"]))
    places = learning.places if learning.lesson else {**learning.places, noted.lesson: noted.step}
    return replace(learning, lang=noted.lang, places=places)


def with_recipes(tried: Tried, texts: list[str]) -> Tried:
    """Its runs begin anew with these."""
    recipes = [links.read({links.PARAMETER: text}) for text in texts]
    for entry in session.entries(tried.runs):
        entry.run.cancel()
    return replace(tried, recipes=tuple(filter(None, recipes)), runs=())
