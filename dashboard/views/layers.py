"""Layers: what every channel of a layer answers to an image, or to what a camera sees."""

import streamlit as st

from actviz_core import ActvizError, Channel, find_layer, labels
from dashboard.actions import arrival, steering
from dashboard.actions import layers as actions
from dashboard.state import links, messages, session
from dashboard.widgets import image, message, tab_title, unit
from dashboard.widgets import layers as sheet


def page() -> None:
    arrival.arrive("layers")
    model = steering.use_model()
    known = actions.layers_of(model)
    try:
        choice = actions.current(model, known)
    except ActvizError as problem:  # of a link
        messages.complain(f"The address of this page does not contain a valid layer: {problem}")
        session.change(layer=None)
        choice = actions.current(model, known)
    if choice.layer not in {layer.name for layer in known}:
        known.append(find_layer(model, choice.layer))
    session.choose_layers(choice)
    seen = actions.seen(model)
    message.show()
    tab_title.set_to(f"{choice.layer} of {model.name}, layers")
    with st.sidebar:
        image.show()
        network = ", ".join(filter(None, (model.name, labels.weights_words(session.recipe().spec.weights))))
        st.caption(f"Model: {messages.plain(network)}, as set on Explore.")
    sheet.show(model, choice, known, seen)
    looked_at = [(Channel(choice.layer, choice.channel), model)] if choice.channel is not None else []
    unit.show(looked_at, seen.view.version if seen is not None else "")
    share()


def share() -> None:
    """What the page is set to, but for the image; a sample is named."""
    choice, explanation = session.layers_choice(), session.explanation()
    address = {links.PARAMETER: links.write(session.recipe())} | (links.write_layers(choice) if choice else {})
    session.share(address | (links.write_explanation(explanation) if explanation.sample else {}))
