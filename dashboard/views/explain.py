"""Explain: what in an image does the unit see, and what made the network say that."""

import streamlit as st

from actviz_core import ActvizError, ModelHandle, Recipe, labels
from dashboard.actions import arrival, steering
from dashboard.actions import explain as actions
from dashboard.state import links, messages, session
from dashboard.state.explaining import Explaining
from dashboard.state.mapped import Mapped
from dashboard.state.page_state import START
from dashboard.widgets import explained, image, maps, message, panels, tab_title, unit


def page() -> None:
    arrival.arrive("explain")
    model = steering.use_model()
    entries = follow(model)
    message.show()
    tab_title.set_to(f"{entries[0].title}, explained" if entries else "Explain")
    panels.show(model, entries)
    state = session.state()
    if state.image is not None and state.seen is not None and state.explained is not None:
        unit.show([(state.explained, model)], state.seen.view.version, pictured=state.explained)
    with st.sidebar:
        image.show()
        explained.show(model, actions.known_prediction())
        st.subheader("Maps")
        maps.show(model)
        network = ", ".join(filter(None, (model.name, labels.weights_words(session.recipe().spec.weights))))
        st.caption(f"Model: {messages.plain(network)}, as set on Explore.")
    share(session.recipe(), session.explanation())


def share(recipe: Recipe, explanation: Explaining) -> None:
    """Nothing while all is as it was at first: an address that changes at once would be an entry of the history."""
    as_at_first = (recipe, explanation) == (START, Explaining())
    session.share({} if as_at_first else {links.PARAMETER: links.write(recipe), **links.write_explanation(explanation)})


def follow(model: ModelHandle) -> list[Mapped]:
    """The maps as they are wanted now; the page says why there are none."""
    try:
        return actions.follow(model)
    except ActvizError as problem:
        messages.complain(str(problem))
        return []
