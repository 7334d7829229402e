"""Which columns are made of what Explore is set to."""

import streamlit as st

from actviz_core import FILLS
from dashboard.actions import columns
from dashboard.state import keys, messages, services, session
from dashboard.state.messages import guarded
from dashboard.widgets.controls import tell
from dashboard.words import target


def show() -> None:
    recipe = session.recipe()
    title = target.title(recipe.spec.objectives[0], services.known_model(recipe.spec.model, recipe.spec.weights))
    st.caption(f"Explore's target: {messages.plain(title)} of {messages.plain(recipe.spec.model)}")
    keys.FILL.set(session.fill())
    st.selectbox(
        "Compare",
        list(FILLS),
        key=keys.FILL.name,
        on_change=guarded(tell),
        args=(keys.FILL, session.choose_fill),
        help="Columns made from the target and settings of Explore; they replace the present ones",
    )
    sentence = columns.impossible(recipe, FILLS[session.fill()])
    with st.container():  # a place of its own: what follows stays the same elements when it comes or goes
        if sentence:
            st.caption(sentence)
    create, add = st.columns(2)
    create.button(
        "Create columns",
        icon=":material/view_column:",
        key=keys.DO_FILL.name,
        disabled=bool(sentence),
        type="secondary" if session.comparison().columns else "primary",
        use_container_width=True,
        on_click=guarded(columns.create),
    )
    add.button(
        "Add from Explore",
        icon=":material/add:",
        key=keys.ADD.name,
        use_container_width=True,
        help="Adds one column with the target, settings and seed of Explore. "
        "It is locked: the sliders of all locked columns move it too.",
        on_click=guarded(columns.add_from_explore),
    )
