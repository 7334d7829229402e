"""The list of lessons, with how far the visitor is in each; those that cannot be used are named."""

import streamlit as st

from actviz_core import Course, Lesson
from dashboard.actions import lessons, progress
from dashboard.components import kept
from dashboard.components.kept import ShownLesson
from dashboard.state import keys, messages, session
from dashboard.state.absence import KEPT_FOR
from dashboard.state.classroom import CLASSROOM
from dashboard.state.courses import COURSES
from dashboard.state.messages import guarded
from dashboard.widgets import glossary, quiz
from dashboard.widgets.controls import tell
from dashboard.widgets.lesson import save_report
from dashboard.words.lessons import WORDS, words
from dashboard.words.marks import marked

OFFER = "kept_offer", "kept_resume", "kept_forget", "kept_forgotten", "kept_undo"


def title() -> str:
    return words(session.learning().lang)["title"]


def show() -> None:
    course, learning = COURSES.read(), session.learning()
    said = words(learning.lang)
    heading, language = st.columns([3, 2], vertical_alignment="bottom")
    heading.markdown(f"## {said['title']}")
    with language:
        languages()
    names = list(dict.fromkeys(lesson.name for lesson in course.lessons))
    if not names:
        st.info(said["none"])
    in_class = CLASSROOM.of(session.visitor().token) is not None
    if not in_class:
        offer(course)
    for name in names:
        found = COURSES.lesson(name, learning.lang)
        if found:
            entry(found, sorted({each.lang for each in course.lessons if each.name == name} - {found.lang}))
    quiz.entry()
    glossary.link(learning.lang)
    if learning.places:
        save_report(said)
    st.caption(said["keeping_class"] if in_class else said["keeping"].format(n=round(KEPT_FOR / 60)))
    broken(course)


def offer(course: Course) -> None:
    """What this browser keeps of lessons and the visitor has not done."""
    begun = progress.begun()
    shown = {
        lesson.name: ShownLesson(
            titles={each.lang: each.title for each in course.lessons if each.name == lesson.name},
            steps=tuple(step.id for step in lessons.steps_of(lesson)),
            begun=tuple(begun.get(lesson.name, ())),
        )
        for lesson in course.lessons
    }
    said = {lang: {name: known[name] for name in OFFER} for lang, known in WORDS.items()}
    kept.show(shown, said, on_event=guarded(progress.resume))


def languages() -> None:
    keys.LANGUAGE.set(session.learning().lang)
    st.segmented_control(
        "Language",
        list(WORDS),
        key=keys.LANGUAGE.name,
        format_func=lambda lang: WORDS[lang]["language"],
        label_visibility="collapsed",
        required=True,
        on_change=guarded(tell),
        args=(keys.LANGUAGE, lessons.speak),
    )


def entry(lesson: Lesson, others: list[str]) -> None:
    """A lesson, how far the visitor is, and the way into it; and in which other languages it is there."""
    learning = session.learning()
    said, steps = words(learning.lang), lessons.steps_of(lesson)
    done = sum(lessons.is_done(step, learning.at((lesson.name, step.id))) for step in steps)
    began = lesson.name in learning.places
    facts = [said["minutes"].format(n=lesson.minutes), said[f"level_{lesson.level}"]]
    if lesson.lang != learning.lang:
        facts.append(said["only_in"].format(languages=said[f"in_{lesson.lang}"]))
    if began:
        facts.append(said["progress"].format(n=done, of=len(steps)))
    with st.container(border=True):
        about, go = st.columns([5, 1], vertical_alignment="center")
        about.markdown(f"**{messages.plain(lesson.title)}**  \n{marked(lesson.about, lesson.lang)}")
        about.caption(" · ".join(facts), help=", ".join(WORDS[lang]["language"] for lang in others) or None)
        go.button(
            said["again"] if done == len(steps) else said["go_on"] if began else said["begin"],
            key=keys.lesson(lesson.name).name,
            type="secondary" if done == len(steps) else "primary",
            use_container_width=True,
            on_click=guarded(lessons.enter),
            args=(lesson.name,),
        )


def broken(course: Course) -> None:
    """What cannot be used is named, by file and line."""
    if not course.problems:
        return
    said, files = words(session.learning().lang), {problem.file for problem in course.problems}
    lines = "\n".join(f"- {messages.plain(str(problem))}" for problem in course.problems)
    named = said["broken_one"] if len(files) == 1 else said["broken"].format(n=len(files))
    st.warning(f"{named}\n\n{lines}", icon=":material/warning:")
