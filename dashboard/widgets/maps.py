"""The maps: which methods, with which settings, of which layers; up to six side by side."""

from functools import partial

import streamlit as st

from actviz_core import METHODS, Method, ModelHandle, described, list_layers
from dashboard.actions import explain
from dashboard.state import keys, session
from dashboard.state.explaining import MOST_MAPS
from dashboard.state.messages import guarded
from dashboard.widgets import controls
from dashboard.widgets.controls import tell

AUTOMATIC = "the last before the target"
LAYER = (
    "Whose feature maps the map is made of. Layers stand in the order in which the image passes through them, under "
    "the names that the network's own code gives them: numbers count from 0, so blocks.4.1 is the second part of the "
    "fifth block; conv is a convolution, bn a batch normalization. Early layers answer to edges and colours and have "
    "fine maps, late ones to parts of objects and have coarse maps."
)


def show(model: ModelHandle) -> None:
    maps = session.explanation().maps
    for index, choice in enumerate(maps):
        with st.expander(f"{index + 1} · {choice.method.title}"):
            map_widgets(index, choice.method, model)
    keys.NEW_MAP.set(None)
    st.selectbox(
        "Add a map",
        METHODS,
        index=None,
        key=keys.NEW_MAP.name,
        format_func=lambda method: method.title,
        placeholder=f"choose a method ({len(maps)} of {MOST_MAPS})",
        disabled=len(maps) == MOST_MAPS,
        on_change=guarded(add_chosen),
    )


def add_chosen() -> None:
    chosen = keys.NEW_MAP.get()
    if chosen is not None:
        explain.add_map(chosen())


def map_widgets(index: int, method: Method, model: ModelHandle) -> None:
    st.caption(f"{method.meaning} {method.misleads} {method.source}. {cost(method, model)}")
    if "layer" in described(type(method)):
        layer_widget(index, method, model)
    if set(described(type(method))) - {"layer"}:
        controls.form(
            partial(explain.method_at, index),
            f"map.{index}",
            partial(explain.change_map, index),
            columns=1,
            skip=("layer",),
        )
    st.button(
        "Remove this map",
        icon=":material/close:",
        key=keys.remove_map(index).name,
        on_click=guarded(explain.remove_map),
        args=(index,),
    )


def cost(method: Method, model: ModelHandle) -> str:
    passes = method.passes(model, *explain.size_of(model))
    return f"Up to {passes:,} passes through the network, forwards or back."


def layer_widget(index: int, method: Method, model: ModelHandle) -> None:
    layers = [layer.name for layer in list_layers(model) if layer.height * layer.width > 1]
    key = keys.map_layer(index)
    key.set(getattr(method, "layer", ""))
    st.selectbox(
        "Layer",
        ["", *layers],
        key=key.name,
        format_func=lambda name: name or AUTOMATIC,
        help=LAYER,
        on_change=guarded(tell),
        args=(key, take_layer, index),
    )


def take_layer(index: int, layer: str) -> None:
    explain.set_field(index, "layer", layer)
