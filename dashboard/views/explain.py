"""Explain: what in an image does the unit see, and what made the network say that."""

import streamlit as st

from actviz_core import ActvizError, ModelHandle
from dashboard.actions import arrival, steering
from dashboard.actions import explain as actions
from dashboard.state import links, messages, session
from dashboard.state.mapped import Mapped
from dashboard.widgets import explained, image, maps, message, panels


def page() -> None:
    arrival.arrive("explain")
    model = steering.use_model()
    entries = follow(model)
    message.show()
    panels.show(model, entries)
    with st.sidebar:
        image.show()
        explained.show(model, actions.known_prediction())
        st.subheader("Maps")
        maps.show(model)
        st.caption(f"Model: {messages.plain(model.name)}, as set on Explore.")
    session.share({links.PARAMETER: links.write(session.recipe()), **links.write_explanation(session.explanation())})


def follow(model: ModelHandle) -> list[Mapped]:
    """The maps as they are wanted now; the page says why there are none."""
    try:
        return actions.follow(model)
    except ActvizError as problem:
        messages.complain(str(problem))
        return []
