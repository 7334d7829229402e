"""What a newcomer may try next, between the chart and the picture."""

import streamlit as st

from dashboard.components import tips
from dashboard.state import keys, newcomer


def show() -> None:
    # The container is there in any case: what follows would be built anew in another place.
    with st.container(key=keys.TIPS_PLACE.name):
        if left := newcomer.tips():
            tips.show(left, newcomer.close)
