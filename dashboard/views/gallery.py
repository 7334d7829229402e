"""Gallery: every channel of a layer at a glance; a click on one opens it in Explore."""

from functools import partial

import streamlit as st

from actviz_core import ActvizError, Channel, labels, list_layers
from dashboard.actions import arrival, steering
from dashboard.actions import gallery as actions
from dashboard.components import gallery
from dashboard.state import links, messages, services, session
from dashboard.state.messages import guarded
from dashboard.widgets import gallery as gallery_widgets
from dashboard.widgets import message, tab_title, unit


def page() -> None:
    arrival.arrive("gallery")
    model = steering.use_model()
    message.show()
    recipe = session.recipe()
    layers = [layer for layer in list_layers(model) if layer.channels > 1]
    choice = actions.current(recipe, model, layers)
    session.choose_gallery(choice)
    with st.sidebar:
        gallery_widgets.show(choice, recipe, layers)
    try:
        with st.spinner(f"Opening the gallery of {messages.plain(choice.layer)} …"):
            filling = services.filling(actions.wanted(choice, recipe, model), model)
    except ActvizError as problem:
        st.error(messages.plain(str(problem)), icon=":material/error:")
        return
    spec = filling.fine.gallery.spec
    title = ", ".join(filter(None, (spec.model, labels.weights_words(recipe.spec.weights), choice.layer)))
    tab_title.set_to(f"{title}, gallery")
    gallery.show(
        session.visitor().token,
        filling,
        ", ".join(filter(None, (title, labels.repeats(spec)))),
        choice.channel,
        on_event=guarded(partial(actions.obey, model, choice)),
    )
    chosen = session.gallery_choice() or choice
    unit.show([(Channel(chosen.layer, chosen.channel), model)] if chosen.channel is not None else ())
    session.share({links.PARAMETER: links.write(recipe), **links.write_gallery(session.gallery_choice() or choice)})
