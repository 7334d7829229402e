"""What the class does to a page: its member comes back to what it had, and what the teacher pushes is shown."""

from functools import partial
from typing import Any

import streamlit as st

from actviz_core import ActvizError
from dashboard.actions import arrival, lessons, progress, steering
from dashboard.components import member as component
from dashboard.components.classroom import OfferedLesson
from dashboard.components.member import MemberEvent
from dashboard.server.classroom import COOKIE, proof
from dashboard.state import keys, links, messages, session
from dashboard.state.classroom import CLASSROOM, alike
from dashboard.state.courses import COURSES
from dashboard.state.learning import Learning
from dashboard.state.member import Member
from dashboard.state.pushed import Push
from dashboard.words.classroom import words


def show(page: str) -> None:
    """Mounts what makes the visitor a member; nothing without a class, or where the teacher sees it."""
    if not CLASSROOM.open or page == "class":
        return
    if "join" in st.query_params:
        keys.JOIN.set(st.query_params["join"])
    lang = session.learning().lang
    token, offered = session.visitor().token, not is_teacher()
    component.show(token, keys.JOIN.get(), lang, words(lang), here(page), offered, partial(obey, page))


def here(page: str) -> dict[str, Any]:
    """What that page shows, as far as something that is pushed may be the same."""
    learning = session.learning() if page == "learn" else Learning()
    lesson, step = learning.place
    return {"page": page, "lesson": lesson, "step": step, "quiz": learning.quiz}


def obey(page: str, event: MemberEvent) -> None:
    """What the member's component asks for on that page, if this visitor is a member."""
    member = CLASSROOM.of(session.visitor().token)
    if member is None:
        return
    pushed = CLASSROOM.pushed
    try:
        if event.kind == "joined":
            come_back(page, member)
        elif pushed is not None and pushed.number == event.number and member.followed < event.number:
            CLASSROOM.followed(member, event.number)
            follow(page, member, pushed)
    except ActvizError as problem:
        messages.complain(str(problem))


def come_back(page: str, member: Member) -> None:
    """Where this server knows nothing of it: what it has done of its lesson, and the run that it had on Explore, from
    the beginning."""
    if member.noted is not None:
        progress.restore(member.noted)
    if page != "explore" or session.state().run or not member.recipe:
        return
    recipe = links.read({links.PARAMETER: member.recipe})
    if recipe is not None and links.same(session.recipe(), recipe):
        steering.start(recipe)


def follow(page: str, member: Member, pushed: Push) -> None:
    """The page shows what was pushed, or leads to the one that does."""
    if pushed.kind == "step":
        lessons.open_step(pushed.lesson, pushed.step)
    elif pushed.kind == "quiz":
        lessons.open_quiz()
    if pushed.kind in ("step", "quiz") and page != "learn":
        arrival.leave(page, "learn")
    recipe = pushed.recipe_for(member.seat)
    if recipe is not None:
        session.set_recipe(recipe)
        steering.start(recipe)
        if page != "explore":
            arrival.leave(page)


# the teacher


def is_teacher() -> bool:
    """Whether this page's browser has swapped the teacher's link for its cookie."""
    return CLASSROOM.open and alike(st.context.cookies.get(COOKIE, ""), proof(CLASSROOM))


def offered() -> tuple[OfferedLesson, ...]:
    """The lessons that can be pushed, each once: members read it in their own language."""
    course = COURSES.read()
    lessons = [course.lesson(name, session.learning().lang) for name in course.names]
    return tuple(
        OfferedLesson(lesson.name, lesson.title, tuple((step.id, step.title) for step in lesson.steps))
        for lesson in lessons
    )
