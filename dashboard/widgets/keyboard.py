"""The corner of every page: the sheet of its shortcuts, in the language that is read there."""

from actviz_core import ActvizError
from dashboard.actions import lessons
from dashboard.components import keyboard
from dashboard.state import session
from dashboard.widgets import glossary
from dashboard.words.lessons import words
from dashboard.words.tables import FIRST


def show(page: str) -> None:
    lang = language(page)
    keyboard.show(lang, words(lang))


def language(page: str) -> str:
    """A lesson may be there in another language than the one that is wanted; all that is not of lessons is English."""
    if page == "glossary":
        return glossary.language()
    if page != "learn":
        return FIRST
    try:
        shown = lessons.opened()
    except ActvizError:  # which the page has told
        shown = None
    return shown.lesson.lang if shown else session.learning().lang
