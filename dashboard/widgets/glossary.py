"""The glossary: all words in one language, first of all the one that a link led to; and the way to it."""

import streamlit as st

from actviz_core import Word
from actviz_core import glossary as words_of_the_field
from dashboard.state import keys, session
from dashboard.words.glossary import LANGUAGE, PAGE, WORD
from dashboard.words.lessons import WORDS, words


def language() -> str:
    """The one that the link says, or the one that lessons are read in."""
    asked = st.query_params.get(LANGUAGE, "")
    return asked if asked in WORDS else session.learning().lang


def title(lang: str) -> str:
    return words(lang)["glossary"]


def show(lang: str) -> None:
    said, known = words(lang), words_of_the_field()
    asked = known.get(st.query_params.get(WORD, ""))
    with st.container(key=keys.GLOSSARY.name, width=760):
        st.markdown(f"## {said['glossary']}")
        if asked:
            with st.container(border=True):
                st.markdown(entry(asked, lang))
        rest = sorted((word for word in known.values() if word != asked), key=lambda word: word.title(lang).casefold())
        st.markdown("\n\n".join(entry(word, lang) for word in rest))
        st.page_link(keys.PAGES.get()["learn"], label=said["lessons"], icon=":material/arrow_back:")


def entry(word: Word, lang: str) -> str:
    """A word with what it means, its formula, and where it is told at length."""
    parts = [f"#### {word.title(lang)}", word.text(lang)]
    if word.kinds:
        parts.append(f"*{words(lang)['kinds']}*: {', '.join(f'`{kind}`' for kind in word.kinds)}")
    if word.formula:
        parts.append(f"$$\n{word.formula}\n$$")
    if word.source:
        parts.append(f"[{words(lang)['source']}]({word.source})")
    return "\n\n".join(parts)


def link(lang: str) -> None:
    """The way to it, in a tab of its own."""
    st.markdown(f":material/menu_book: [{title(lang)}]({PAGE}?{LANGUAGE}={lang})")
