"""What went wrong since the last drawing, in a sentence over the page."""

import streamlit as st

from dashboard.state import messages


def show() -> None:
    sentence = messages.complaint()
    if sentence:
        st.error(messages.plain(sentence), icon=":material/error:")
