"""The choice of a preset."""

import streamlit as st

from actviz_core import Recipe, preset_of
from dashboard.actions import steering
from dashboard.state import keys
from dashboard.state.messages import guarded
from dashboard.words.presets import full_title, presets


def show(recipe: Recipe) -> None:
    choices = {preset.title: preset for preset in presets()}
    known, present = preset_of(recipe, presets()), full_title(recipe)
    keys.PRESET.set(present)
    st.selectbox(
        "Preset",
        list(choices) if present in choices else [*choices, present],
        key=keys.PRESET.name,
        help=f"{known.source}. {known.note}" if known else "The settings as you have changed them.",
        on_change=guarded(take),
    )


def take() -> None:
    for preset in presets():
        if preset.title == keys.PRESET.get():
            steering.take_preset(preset)
            return
