"""The quiz: its entry in the list of lessons, and the page that its component fills."""

import streamlit as st

from actviz_core import ActvizError, quiz
from dashboard.actions import lessons
from dashboard.components import quiz as component
from dashboard.state import keys, messages, services, session
from dashboard.state.messages import guarded
from dashboard.state.quizzing import QUIZZING
from dashboard.words.lessons import words as of_lessons
from dashboard.words.quiz import words


def title() -> str:
    return words(session.learning().lang)["title"]


def entry() -> None:
    """In the list: what it is, and the way into it."""
    said, of_list = words(session.learning().lang), of_lessons(session.learning().lang)
    sitting = QUIZZING.sitting(session.visitor())
    facts = [of_list["minutes"].format(n=3)]
    if sitting:
        facts.append(said["progress"].format(n=len(sitting.answers), of=len(sitting.trials)))
    missed = sitting is not None and sitting.finished and not quiz.is_counted(sitting)
    name = "begin" if sitting is None else "again" if sitting.finished else "go_on"
    with st.container(border=True):
        about, go = st.columns([5, 1], vertical_alignment="center")
        about.markdown(f"**{said['title']}**  \n{said['about']}")
        about.caption(" · ".join(facts))
        go.button(
            said["anew"] if missed else of_list[name],
            key=keys.OPEN_QUIZ.name,
            type="secondary" if name == "again" and not missed else "primary",
            use_container_width=True,
            on_click=guarded(lessons.open_quiz),
        )


def prepare() -> bool:
    """Has the network at hand that the quiz is about; False, and the page says why, where it cannot be had."""
    sitting = QUIZZING.sitting(session.visitor())
    try:
        services.loaded(*QUIZZING.network(session.visitor()))
    except ActvizError as problem:
        messages.complain(str(problem))
        return sitting is not None  # its page offers to begin anew
    return True


def show() -> None:
    learning = session.learning()
    of_list = of_lessons(learning.lang)
    st.button(
        of_list["lessons"],
        icon=":material/arrow_back:",
        key=keys.ALL_LESSONS.name,
        type="tertiary",
        on_click=guarded(lessons.show_list),
    )
    component.show(session.visitor().token, learning.lang, {**words(learning.lang), "decimal": of_list["decimal"]})
