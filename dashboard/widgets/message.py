"""What went wrong since the last drawing, in a sentence over the page, and what is worth knowing, in passing."""

import streamlit as st

from dashboard.state import messages


def show() -> None:
    sentence = messages.complaint()
    if sentence:
        st.error(messages.plain(sentence), icon=":material/error:")
    notice = messages.notice()
    if notice:
        st.toast(messages.plain(notice), icon=":material/info:", duration="long")
