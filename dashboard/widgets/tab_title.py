"""The title of the browser's tab: what the page is about, so that tabs, bookmarks and the history can be told apart."""

import streamlit as st

PROGRAM = "actviz"


def set_to(about: str) -> None:
    """What the page is about, in words; "" where it is about nothing yet."""
    st.set_page_config(page_title=" - ".join(filter(None, (about, PROGRAM))))
