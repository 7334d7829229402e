"""The end of a lesson: what was done of it, and what could be next."""

import streamlit as st

from actviz_core import Recipe, Step
from dashboard.actions import lessons
from dashboard.state import keys, messages, session
from dashboard.state.courses import COURSES
from dashboard.state.learning import Tried
from dashboard.state.messages import guarded
from dashboard.widgets import lesson
from dashboard.words.lessons import words


def show(shown: lessons.Opened) -> None:
    text, _ = st.columns([7, 4])
    with text, st.container(key=keys.STEP_WORDS.name):
        lesson.back_to_list(shown)
        told(shown)
        next_ones(shown)
        lesson.beside(shown)


def told(shown: lessons.Opened) -> None:
    said, learning = words(shown.lesson.lang), session.learning()
    tried = {step.id: learning.at((shown.lesson.name, step.id)) for step in shown.steps}
    missing = [step.title for step in shown.steps if not lessons.is_done(step, tried[step.id])]
    asked = [step for step in shown.steps if step.question and step.question.choices]
    st.markdown(f"### {said['end']}: {messages.plain(shown.lesson.title)}")
    sentences = [said["end_steps"].format(n=len(shown.steps) - len(missing), of=len(shown.steps))]
    if asked:
        first = sum(at_first(step, tried[step.id]) for step in asked)
        sentences.append(said["end_answers"].format(n=first, of=len(asked)))
    if missing:
        sentences.append(said["end_missing"].format(steps=messages.plain(", ".join(missing))))
    st.markdown("  \n".join(sentences))


def at_first(step: Step, tried: Tried) -> bool:
    """Whether the first answer was right."""
    return bool(step.question and tried.choices and step.question.choices[tried.choices[0]].right)


def next_ones(shown: lessons.Opened) -> None:
    """The unit with all its numbers in Explore; the next lesson of the list."""
    said = words(shown.lesson.lang)
    st.markdown(f"**{said['what_next']}**")
    recipe = newest(shown)
    if recipe is not None:
        st.button(
            said["explore"],
            icon=":material/visibility:",
            key=keys.IN_EXPLORE.name,
            on_click=guarded(lessons.open_in_explore),
            args=(recipe,),
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


def newest(shown: lessons.Opened) -> Recipe | None:
    """What the runs of the last step that has some are set to by now."""
    learning = session.learning()
    found = [learning.at((shown.lesson.name, step.id)).recipes for step in shown.steps]
    return next((recipes[-1] for recipes in reversed(found) if recipes), None)
