"""The entry point: Streamlit's pages and the live route, in one server. `streamlit run dashboard/app.py`"""

import gc
from pathlib import Path

import streamlit as st
from streamlit import config

import actviz_core  # noqa: F401  torch and all, before the collector is frozen
from dashboard.live import routes
from dashboard.visitors import VISITORS

app = st.App(Path(__file__).with_name("main.py"), routes=routes(VISITORS, config.get_option("server.baseUrlPath")))

# What is imported now stays for ever: no garbage collection need look at it again (with torch a full one takes 0.1 s, all threads stopped).
gc.collect()
gc.freeze()
