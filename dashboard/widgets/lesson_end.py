"""The end of a lesson: what was done of it, and what could be next."""

import streamlit as st

from actviz_core import Step
from dashboard.actions import lessons
from dashboard.state import keys, messages, session
from dashboard.state.courses import COURSES
from dashboard.state.learning import Place, Tried
from dashboard.state.messages import guarded
from dashboard.widgets import lesson
from dashboard.words.lessons import words


def show(shown: lessons.Opened) -> None:
    text, _ = st.columns([7, 4])
    with text, st.container(key=keys.STEP_WORDS.name):
        lesson.back_to_list(shown)
        told(shown)
        missing(shown)
        next_ones(shown)
        lesson.beside(shown)


def told(shown: lessons.Opened) -> None:
    said, learning = words(shown.lesson.lang), session.learning()
    tried = {step.id: learning.at((shown.lesson.name, step.id)) for step in shown.steps}
    answered = [step for step in shown.steps if tried[step.id].choices]
    done = len(shown.steps) - len(not_done(shown))
    st.markdown(f"### {said['end']}: {messages.plain(shown.lesson.title)}")
    sentences = [said["end_steps"].format(n=done, of=len(shown.steps))]
    if answered:
        first = sum(at_first(step, tried[step.id]) for step in answered)
        sentences.append(said["end_answers"].format(n=first, of=len(answered)))
    st.markdown("  \n".join(sentences))


def missing(shown: lessons.Opened) -> None:
    """The way to each step that is not done: a phone has no dots."""
    steps = not_done(shown)
    if not steps:
        return
    st.markdown(words(shown.lesson.lang)["end_missing"])
    with st.container(horizontal=True, key=keys.MISSING.name):
        for step in steps:
            st.button(
                messages.plain(step.title),
                key=keys.missing(step.id).name,
                on_click=guarded(lessons.open_step),
                args=(shown.lesson.name, step.id),
            )


def not_done(shown: lessons.Opened) -> list[Step]:
    learning = session.learning()
    return [step for step in shown.steps if not lessons.is_done(step, learning.at((shown.lesson.name, step.id)))]


def at_first(step: Step, tried: Tried) -> bool:
    """Whether the first answer was right."""
    return bool(step.question and tried.choices and step.question.choices[tried.choices[0]].right)


def next_ones(shown: lessons.Opened) -> None:
    """The unit with all its numbers in Explore; the next lesson of the list."""
    said = words(shown.lesson.lang)
    st.markdown(f"**{said['what_next']}**")
    place = newest(shown)
    if place is not None:
        st.button(
            said["explore"],
            icon=":material/visibility:",
            key=keys.IN_EXPLORE.name,
            on_click=guarded(lessons.open_in_explore),
            args=(place, shown.lesson.title),
        )
        st.caption(said["explore_help"])
    lesson.save_report(said)
    names = list(dict.fromkeys(each.name for each in COURSES.read().lessons))
    later = names[names.index(shown.lesson.name) + 1 :]
    found = COURSES.lesson(later[0], session.learning().lang) if later else None
    if found is not None:
        st.button(
            said["next_lesson"].format(title=messages.plain(found.title)),
            icon=":material/arrow_forward:",
            key=keys.NEXT_LESSON.name,
            on_click=guarded(lessons.enter),
            args=(found.name,),
        )


def newest(shown: lessons.Opened) -> Place | None:
    """The last step that has runs."""
    places = [(shown.lesson.name, step.id) for step in reversed(shown.steps)]
    return next((place for place in places if session.learning().at(place).recipes), None)
