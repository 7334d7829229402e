"""Glossary: the words of the field, in a sentence or two each. Lessons and help lead here, and Learn does."""

from dashboard.actions import arrival
from dashboard.widgets import glossary, message, tab_title


def page() -> None:
    arrival.arrive("glossary")
    message.show()
    lang = glossary.language()
    tab_title.set_to(glossary.title(lang))
    glossary.show(lang)
