"""The choice of a preset."""

import streamlit as st

from actviz_core import Recipe, preset_of
from dashboard.actions import steering
from dashboard.state import keys
from dashboard.state.messages import guarded
from dashboard.widgets import controls, settled
from dashboard.words.presets import full_title, presets


def show(recipe: Recipe) -> None:
    choices = {preset.title: preset for preset in presets()}
    known, present = preset_of(recipe, presets()), full_title(recipe)
    titles = list(choices) if present in choices else [*choices, present]
    key, first = settled.settle(keys.PRESET, present)
    st.selectbox(
        "Preset",
        titles,
        index=titles.index(first) if first in titles else 0,
        key=key.name,
        help=f"{known.source}. {known.note}" if known else "The settings as you have changed them.",
        on_change=guarded(controls.tell),
        args=(key, take),
    )


def take(title: str) -> None:
    for preset in presets():
        if preset.title == title:
            steering.take_preset(preset)
            return
