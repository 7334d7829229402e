"""Sentences that the next drawing of the page shows, and callbacks whose errors become such."""

import re

import streamlit as st

from actviz_core import ActvizError
from dashboard.state.callbacks import whole


def plain(text: str) -> str:
    """Text that Markdown shows as it is: what a link or a file says must not become a picture or an address."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def complain(sentence: str) -> None:
    """A sentence to be shown by the next drawing of the page, once."""
    first = sentence.partition(" ")[0]
    word = first.isalpha() and first.islower()  # not the name of a setting or network
    st.session_state["complaint"] = first.title() + sentence[len(first) :] if word else sentence


def complains() -> bool:
    return "complaint" in st.session_state


def complaint() -> str:
    return st.session_state.pop("complaint", "")


def guarded(act):
    """A widget's callback whose ActvizError becomes a sentence on the page; nothing that runs is touched by it."""

    def callback(*given):
        try:
            act(*given)
        except ActvizError as problem:
            complain(str(problem))

    return whole(callback)
