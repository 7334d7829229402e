"""Progress in lessons, as a class knows its members', and else the browser: noted as Learn is drawn, restored later."""

import json
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

from actviz_core import ActvizError, Lesson, Step
from dashboard.actions import arrival, lessons
from dashboard.actions.lessons import Opened
from dashboard.components.kept import KeptEvent
from dashboard.state import keys, links, messages, session
from dashboard.state.callbacks import draw_anew
from dashboard.state.classroom import CLASSROOM
from dashboard.state.courses import COURSES
from dashboard.state.learning import END, Learning, Tried
from dashboard.state.member import LONGEST_KEPT, Answer, Noted
from dashboard.state.visitors import VISITORS
from dashboard.words.lessons import WORDS, words

PLAIN = "choices", "estimate", "hints", "starts", "met"
MOST_STARTS = 10**6
UNUSABLE = ActvizError, ValueError, LookupError, TypeError, AttributeError, RecursionError


def note(shown: Opened) -> None:
    """The class hears where its member is and what was answered; what it knows from another server comes back first."""
    token = session.visitor().token
    member = CLASSROOM.of(token)
    if member is None:
        return
    if member.noted is not None and member.noted_by != token and restore(member.noted):
        draw_anew()
    lesson, tried = shown.lesson, tried_at(shown)
    answers = {step.id: answer_of(step, tried[step.id]) for step in shown.steps if tried[step.id].predicted}
    done = tuple(step.id for step in shown.steps if lessons.is_done(step, tried[step.id]))
    noted = Noted(lesson.name, session.learning().lang, shown.place[1], answers, done, json.dumps(kept(shown)))
    CLASSROOM.note(token, noted)


def for_browser(shown: Opened) -> dict[str, Any] | None:
    """What the visitor's browser keeps of the lesson that is shown; None in a class, which keeps it itself."""
    token = session.visitor().token
    return None if CLASSROOM.of(token) else {"token": token, **kept(shown)}


def kept(shown: Opened) -> dict[str, Any]:
    """What was done at each step, and the settings of the step where one is if they are not too long."""
    tried, at = tried_at(shown), shown.place[1]
    done = {step: {name: getattr(each, name) for name in PLAIN} for step, each in tried.items() if each.opened}
    recipes = [links.write(recipe) for recipe in tried[at].recipes] if at in tried else []
    data = {"steps": done, "recipes": recipes}
    return data if len(json.dumps(data)) <= LONGEST_KEPT else data | {"recipes": []}


def tried_at(shown: Opened) -> dict[str, Tried]:
    return {step.id: session.learning().at((shown.lesson.name, step.id)) for step in shown.steps}


def answer_of(step: Step, tried: Tried) -> Answer:
    """The first one, which was given before the picture was seen."""
    if tried.choices and step.question:
        return Answer(tried.choices[0], right=step.question.choices[tried.choices[0]].right)
    return Answer(estimate=tried.estimate)


def begun() -> dict[str, list[str]]:
    """The steps at which something was done that would be missed, by lesson."""
    found: dict[str, list[str]] = {}
    for (lesson, step), tried in session.learning().steps.items():
        if is_begun(tried):
            found.setdefault(lesson, []).append(step)
    return found


def is_begun(tried: Tried) -> bool:
    return tried.predicted or tried.met or tried.hints > 0


# and back


def restore(noted: Noted) -> bool:
    """What the class knows, where this visitor has done nothing of that lesson yet; whether there was anything."""
    learning = session.learning()
    if noted.lesson in begun():
        return False
    anew = not (learning.lesson or learning.quiz or learning.steps)  # just opened by no address
    return put_back(noted, opens=anew)


def resume(event: KeptEvent) -> None:
    """Goes on where this browser was before, with its runs where they are still kept and nobody looks at them."""
    fresh, known = session.visitor(), VISITORS.get(event.token)
    if known is not None and known is not fresh and not known.there:
        keys.ANSWERED.set(fresh.token)  # which the tab remembers, and nobody knows any more
        arrival.be(known, fresh, keys.GIVEN.get())
    *others, last = event.lessons
    for noted in others:
        put_back(noted, opens=False)
    put_back(last, opens=True)
    if session.learning().lesson != last.lesson:
        messages.complain(words(last.lang)["kept_unusable"])


def put_back(noted: Noted, opens: bool) -> bool:
    """Joins what was noted of a lesson with what was done here; whether it could be used and changes anything."""
    before = session.learning()
    with suppress(*UNUSABLE):  # of a lesson that has changed meanwhile, or nobody knows what a browser sent
        data, lesson = json.loads(noted.kept), COURSES.lesson(noted.lesson, noted.lang)
        learning = before.opened(lesson.name, known_step(lesson, noted.step)) if opens else before
        session.learn(restored(learning, noted, lesson, data))
    return session.learning() != before


def restored(learning: Learning, noted: Noted, lesson: Lesson, data: dict[str, Any]) -> Learning:
    """What was done at each step that is still there; runs of the open one begin anew where they were set otherwise."""
    for step in sorted(lesson.steps, key=lambda step: step.id == noted.step):  # the one looked at last at the end
        place, before = (lesson.name, step.id), learning.at((lesson.name, step.id))
        with suppress(*UNUSABLE):
            if not is_begun(before):
                told = brought(step, data["steps"][step.id])
                learning = learning.with_tried(place, replace(before, opened=before.opened or time.monotonic(), **told))
    with suppress(*UNUSABLE):
        if learning.place == (noted.lesson, noted.step):
            tried = with_recipes(lesson.step(noted.step), learning.tried, data["recipes"])
            learning = learning.with_tried(learning.place, tried)
    at = known_step(lesson, noted.step)
    here = learning.lesson == lesson.name or not at
    places = learning.places if here else {**learning.places, lesson.name: at}
    # A lesson that is not there in the language that is read says nothing of that.
    told = noted.lang in WORDS and COURSES.lesson(lesson.name, learning.lang).lang != noted.lang
    return replace(learning, lang=noted.lang if told else learning.lang, places=places)


def known_step(lesson: Lesson, step: str) -> str:
    """That step, "" where the lesson has none of that name by now."""
    return step if step in {END, *(each.id for each in lesson.steps)} else ""


def brought(step: Step, done: dict[str, Any]) -> dict[str, Any]:
    """The fields of what was done, which may come from anywhere; ValueError where that cannot be of this step."""
    question, choices, estimate = step.question, tuple(done["choices"]), done["estimate"]
    slider = question.estimate if question else None
    known = range(len(question.choices)) if question else ()
    fits = (
        all(type(choice) is int and choice in known for choice in choices)
        and len(set(choices)) == len(choices)
        and (estimate is None or (type(estimate) in (int, float) and slider and slider.low <= estimate <= slider.high))
        and type(done["hints"]) is int
        and 0 <= done["hints"] <= len(step.hints)
        and type(done["starts"]) is int
        and 0 <= done["starts"] <= MOST_STARTS
        and type(done["met"]) is bool
    )
    if not fits:
        raise ValueError(f"not what was done at {step.id}")
    return {name: done[name] for name in PLAIN} | {"choices": choices}


def with_recipes(step: Step, tried: Tried, texts: list[str]) -> Tried:
    """Its runs begin anew with these, where they are set otherwise; ValueError where there are not as many."""
    if texts == [links.write(recipe) for recipe in tried.recipes]:
        return tried
    recipes = tuple(filter(None, (links.read({links.PARAMETER: text}) for text in texts)))
    if len(recipes) != len(step.runs):
        raise ValueError(f"not the runs of {step.id}")
    for entry in session.entries(tried.runs):
        entry.run.cancel()
    return replace(tried, recipes=recipes, runs=())
