"""The pages, their order, the window's title and the style they share."""

from pathlib import Path

import streamlit as st

from dashboard.views import explore

st.set_page_config(page_title="actviz", page_icon=":material/visibility:", layout="wide", initial_sidebar_state="expanded")
st.html(Path(__file__).with_name("page.css"))

pages = [st.Page(explore.page, title="Explore", icon=":material/visibility:", url_path="explore", default=True)]
st.navigation(pages, position="hidden").run()
