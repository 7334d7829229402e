"""A step of a lesson: its words, its live picture, the controls that it shows, and nothing else."""

import random
from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from actviz_core import Question, Step
from dashboard.actions import lessons, progress
from dashboard.components import lesson as component
from dashboard.components import viewer
from dashboard.components.lesson import Shown, ShownChoice, ShownEstimate, ShownQuestion, ShownStep
from dashboard.server import assets, report
from dashboard.server.lessons import is_covered
from dashboard.state import keys, messages, services, session
from dashboard.state.learning import Tried
from dashboard.state.mapped import Mapped
from dashboard.state.messages import guarded
from dashboard.state.watched import Watched
from dashboard.widgets import lesson_controls, lesson_image, lesson_panels
from dashboard.words import target
from dashboard.words.glossary import linked
from dashboard.words.labels import shared
from dashboard.words.lessons import words
from dashboard.words.marks import IMAGE, marked
from dashboard.words.terms import titled

AROUND = 48  # px that the page has above and below the picture; with controls
CONTROLS = 84
COVERED = ("waiting", "running", "paused", "ended")  # how the runs of a covered picture stand


def show(shown: lessons.Opened, step: Step, entries: Sequence[Watched], maps: list[Mapped]) -> None:
    text, picture = st.columns([4, 7], gap="medium")
    with text, st.container(key=keys.STEP_WORDS.name):
        heading(shown, step)
        beside(shown)
    with picture, st.container(key=keys.STEP_STAGE.name):
        if step.image:
            with st.container(key=keys.STEP_METHOD.name):
                lesson_controls.show_method(shown, step)
            lesson_image.show(shown, step, maps)
        if step.runs:
            pictures(shown, step, entries)


def pictures(shown: lessons.Opened, step: Step, entries: Sequence[Watched]) -> None:
    """The runs with their controls below, and with their curves beside them, or with the panels of the step."""
    if not step.panels:
        live(shown, step, entries)
        return
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(key=keys.STEP_BESIDE.name):
        live(shown, step, entries)
    with right, st.container(key=keys.STEP_PANELS.name):
        if not is_covered(step, session.learning().at(shown.place)):
            lesson_panels.show(shown, step)


def heading(shown: lessons.Opened, step: Step) -> None:
    back_to_list(shown)
    if step.lang != shown.lesson.lang:
        st.caption(words(shown.lesson.lang)["untranslated"])
    lang = shown.lesson.lang
    st.markdown(f"### {marked(step.title, lang)}\n\n{marked(IMAGE.sub('', step.text), lang)}")
    for alt, file in IMAGE.findall(step.text):
        st.image(shown.lesson.pictures[file], alt=alt)


def save_report(said: Mapping[str, str]) -> None:
    """All that the visitor has made and answered, as one page to keep."""
    where = report.address(session.visitor(), assets.base())
    st.link_button(said["report"], where, icon=":material/download:")


def back_to_list(shown: lessons.Opened) -> None:
    """And which lesson it is."""
    said = words(shown.lesson.lang)
    back, about = st.columns([1, 2], vertical_alignment="center")
    back.button(
        said["lessons"],
        icon=":material/arrow_back:",
        key=keys.ALL_LESSONS.name,
        type="tertiary",
        on_click=guarded(lessons.show_list),
    )
    minutes = said["minutes"].format(n=shown.lesson.minutes)
    about.caption(f"{messages.plain(shown.lesson.title)} · {minutes}")


def live(shown: lessons.Opened, step: Step, entries: Sequence[Watched]) -> None:
    stage(shown, step, entries)
    with st.container(key=keys.STEP_CONTROLS.name):
        lesson_controls.show(shown, step)


def stage(shown: lessons.Opened, step: Step, entries: Sequence[Watched]) -> None:
    """The runs of the step, side by side where there are several."""
    lang, tried = shown.lesson.lang, session.learning().at(shown.place)
    said = words(lang)
    covered = {state: said[f"covered_{state}"] for state in COVERED} if is_covered(step, tried) else None
    view = viewer.View(
        device=services.device(),
        height=f"max(380px, calc(100vh - {AROUND + CONTROLS * bool(step.show)}px))",
        score_label=target.score_label(entries[0].recipe().spec.objectives[0], lang) if entries else "",
        placeholder="",
        board=True,
        title=titled(shared([entry.recipe() for entry in entries]), lang) if len(entries) > 1 else "",
        covered=covered,
        quiet=not lessons.is_answered(step, tried),
        lang=lang,
    )
    viewer.show(
        session.visitor().token,
        entries,
        keys.LESSON_RUNS,
        view,
        on_event=guarded(partial(lessons.hear, shown)),
    )


def beside(shown: lessons.Opened) -> None:
    """The question, what is to be reached, hints, and the way to the next step; at the lesson's end the way back."""
    learning, tried, step = session.learning(), session.learning().at(shown.place), shown.step
    name, said = shown.lesson.name, words(shown.lesson.lang)
    dots = tuple(
        ShownStep(each.id, each.title, lessons.is_done(each, learning.at((name, each.id)))) for each in shown.steps
    )
    token = session.visitor().token
    data = Shown(
        door=f"{assets.base()}/lessons/{token}/progress" if step else "",
        words=said | asked_in(step, said) if step else said,
        lesson=name,
        lang=step.lang if step else shown.lesson.lang,
        step=shown.place[1],
        title=step.title if step else said["end"],
        steps=dots,
        before=shown.beside(-1) or "",
        after=shown.beside(1) or "",
        look_for=linked(step.look_for, step.lang) if step else "",
        covered=step is not None and is_covered(step, tried),
        question=question(step.question, tried, f"{token} {name} {step.id}", step.lang)
        if step and step.question
        else None,
        hints=tuple(linked(hint, step.lang) for hint in step.hints[: tried.hints]) if step else (),
        met=tried.met,
        kept=progress.for_browser(shown),
    )
    component.show(data, on_event=guarded(partial(lessons.obey, shown)))


def asked_in(step: Step, said: Mapping[str, str]) -> dict[str, str]:
    """How a prediction is asked for, which no image waits for; what is given where nothing waits is an answer."""
    predict = said["predict" if step.runs else "predict_image"]
    return {"predict": predict, "prediction": said["prediction" if step.predict else "answer"]}


def question(asked: Question, tried: Tried, whose: str, lang: str) -> ShownQuestion:
    """With its choices in an order of the visitor's own; what is said to one is told once it was given."""
    indices = list(range(len(asked.choices)))
    random.Random(whose).shuffle(indices)
    choices = tuple(
        ShownChoice(index, choice.text, choice.right, linked(choice.feedback, lang))
        if index in tried.choices
        else ShownChoice(index, choice.text)
        for index, choice in ((index, asked.choices[index]) for index in indices)
    )
    estimate = asked.estimate
    slider = ShownEstimate(estimate.low, estimate.high, estimate.within, tried.estimate) if estimate else None
    return ShownQuestion(linked(asked.text, lang), choices, slider, tried.choices[0] if tried.choices else None)
