"""What becomes of a sweep's picture that was clicked."""

import streamlit as st

from actviz_core import ActvizError, Preset, Sweep, method_of
from dashboard.actions import arrival, board, columns
from dashboard.state import keys, messages, session
from dashboard.state.watched import Watched


def start_sweep(swept: Sweep) -> None:
    before = session.sweep()
    board.start_sweep(swept)
    if before:
        st.toast("A new sweep in place of the one before.", icon=":material/grid_view:")


def use_in_explore(entry: Watched) -> None:
    session.set_recipe(entry.recipe())
    arrival.leave("compare")


def add(entry: Watched) -> None:
    number = columns.add(entry.recipe())
    st.toast(f"Added as column {number}: choose Columns above the pictures to see it.", icon=":material/view_column:")


def keep(entry: Watched) -> None:
    preset = preset_of(entry, keys.PRESET_NAME.get())
    session.keep_preset(preset)
    st.toast(f"Saved as {messages.plain(preset.title)}: choose it under Preset on Explore.", icon=":material/bookmark:")


def preset_of(entry: Watched, title: str) -> Preset:
    """The settings of a picture under a name of the visitor's own."""
    title = title.strip()[:40]
    if not title:
        raise ActvizError("give the preset a name.")
    recipe = entry.recipe()
    source = "Yours, saved from a comparison until this page is closed"
    return Preset(title, title, source, recipe.hyperparams_at(entry.run.iteration), method_of(recipe.spec))
