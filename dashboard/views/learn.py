"""Learn: lessons, played step by step on live runs."""

import streamlit as st

from actviz_core import ActvizError
from dashboard.actions import arrival, lesson_image, lessons, progress
from dashboard.state import keys, links, messages, session
from dashboard.state.mapped import Mapped
from dashboard.widgets import lesson, lesson_end, message, quiz, tab_title
from dashboard.widgets import lessons as lesson_list


def page() -> None:
    arrival.arrive("learn")
    shown = opened()
    with st.container():  # what is said while a network is loaded moves nothing that stands below
        entries = lessons.follow(shown) if shown else []
        maps = follow_image(shown)
        asked = quiz.prepare() if session.learning().quiz else False
    if shown:
        progress.note(shown)
    message.show()
    tab_title.set_to(shown.lesson.title if shown else quiz.title() if asked else lesson_list.title())
    if asked:
        quiz.show()
    elif shown is None:
        with st.container(key=keys.LESSONS.name):
            lesson_list.show()
    elif shown.step is None:
        lesson_end.show(shown)
    else:
        lesson.show(shown, shown.step, entries, maps)
    session.share(links.write_place(shown.place) if shown else links.write_quiz(session.learning()))


def follow_image(shown: lessons.Opened | None) -> list[Mapped]:
    """The maps of the step's image; the page says why there are none."""
    try:
        return lesson_image.follow(shown) if shown else []
    except ActvizError as problem:
        messages.complain(str(problem))
        return []


def opened() -> lessons.Opened | None:
    """What is shown; a lesson that is not there is said, and the list shown."""
    try:
        return lessons.opened()
    except ActvizError as problem:
        messages.complain(str(problem))
        lessons.show_list()
        return None
