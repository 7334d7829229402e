"""What the Gallery shows: layer, size, iterations."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from actviz_core import Layer, Recipe
from dashboard.actions import gallery
from dashboard.state import keys, messages, services
from dashboard.state.messages import guarded
from dashboard.state.page_state import SIZES, GalleryChoice

ITERATIONS = (16, 32, 64, 128, 192, 512)


def show(choice: GalleryChoice, recipe: Recipe, layers: list[Layer]) -> None:
    channels = {layer.name: layer.channels for layer in layers}
    widget(
        st.selectbox,
        "Layer",
        choice,
        "layer",
        list(channels),
        format_func=lambda name: f"{name} ({channels[name]} channels)",
        help="Type to search",
    )
    widget(st.radio, "Picture size", choice, "size", SIZES, horizontal=True, format_func=lambda size: f"{size} px")
    widget(
        st.select_slider,
        "Iterations",
        choice,
        "iterations",
        sorted({*ITERATIONS, choice.iterations}),
        help="More iterations give clearer pictures and take longer",
    )
    st.caption(
        f"Model: {messages.plain(recipe.spec.model)}, on {services.device()}. "
        "Model, preset, transforms and regularization are those of Explore."
    )


def widget(
    kind: Callable[..., object], label: str, choice: GalleryChoice, field: str, options: object, **more: Any
) -> None:
    """Shows a field of the choice; a change becomes another choice."""
    key = keys.field("gallery", field)
    key.set(getattr(choice, field))
    kind(label, options, key=key.name, on_change=guarded(gallery.choose), args=(choice, field, key), **more)
