"""The columns of Compare: what each is, whether it shares its sliders, and the sliders."""

import streamlit as st

from actviz_core import ALL_LOCKED, MOST, Column, Comparison
from dashboard.actions import columns
from dashboard.state import keys, messages, session
from dashboard.state.messages import guarded
from dashboard.widgets import sliders
from dashboard.words.labels import labels


def show(comparison: Comparison) -> None:
    if not comparison.columns:
        st.caption(
            f"No columns yet. Create them with one of the choices above, or add pictures from Explore, up to {MOST}."
        )
    for column, label in zip(comparison.columns, labels(comparison.columns), strict=True):
        name, lock, remove = st.columns([6, 1, 1], vertical_alignment="center")
        name.markdown(messages.plain(label))
        with lock:
            lock_button(column)
        remove.button(
            f"Remove column {column.number}",
            icon=":material/close:",
            key=keys.remove(column.number).name,
            type="tertiary",
            on_click=guarded(columns.remove),
            args=(column.number,),
        )


def lock_button(column: Column) -> None:
    shares = "Shares its sliders with all locked columns. Click to give it its own."
    alone = "Has its own sliders. Click to share them again."
    st.button(
        f"{'Unlock' if column.locked else 'Lock'} column {column.number}",
        icon=":material/lock:" if column.locked else ":material/lock_open:",
        key=keys.lock(column.number).name,
        type="tertiary",
        help=shares if column.locked else alone,
        on_click=guarded(columns.switch),
        args=(column.number,),
    )


def show_sliders() -> None:
    """One set for all locked columns, or those of one unlocked column."""
    comparison = session.comparison()
    if not comparison.columns:
        st.caption("Sliders appear with the first column.")
        return
    locked = [column for column in comparison.columns if column.locked]
    choices = [ALL_LOCKED] * bool(locked) + [column.number for column in comparison.columns if not column.locked]
    if keys.STEERED.get() not in choices:
        keys.STEERED.set(choices[0])
    number = st.selectbox(
        "Sliders for",
        choices,
        key=keys.STEERED.name,
        format_func=lambda number: f"column {number}" if number else "all locked columns",
        help="The sliders of all locked columns show the first one's settings.",
    )
    # Not in the box: a browser sends the words that it has, and moving the sliders changes these.
    names = dict(zip((column.number for column in comparison.columns), labels(comparison.columns), strict=True))
    if number != ALL_LOCKED:
        st.caption(messages.plain(names[number]))
    of = {column.number: column for column in comparison.columns}
    steered = locked[0] if number == ALL_LOCKED else of[number]
    hyperparams = steered.recipe.final
    sliders.show(hyperparams, sliders.numbers_of(hyperparams), columns.steer, number)
