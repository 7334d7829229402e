"""The pages, their order and the window's title."""

import streamlit as st

from dashboard.views import explore

st.set_page_config(page_title="actviz", page_icon=":material/visibility:", layout="wide", initial_sidebar_state="expanded")

pages = [st.Page(explore.page, title="Explore", icon=":material/visibility:", url_path="explore", default=True)]
st.navigation(pages, position="hidden" if len(pages) == 1 else "top").run()
