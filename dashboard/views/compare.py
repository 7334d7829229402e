"""Compare: recipes side by side under the same random views, and sweeps of two settings."""

import streamlit as st

from actviz_core import Comparison, export
from dashboard.actions import arrival, board, columns
from dashboard.state import keys, links, messages, session
from dashboard.state.callbacks import draw_anew
from dashboard.widgets import board as board_widgets
from dashboard.widgets import columns as column_widgets
from dashboard.widgets import fill, message, start, sweep, tab_title, unit
from dashboard.widgets.uploads import Holding, uploader
from dashboard.words.labels import labels, shared

COMPARISON = Holding("a comparison", ("png", "json"), export.LARGEST_FILE >> 20)


def page() -> None:
    if arrival.arrive("compare"):
        board.steer(session.comparison())
    board.follow()
    comparison = session.comparison()
    message.show()
    keys.LABELS.set(labels(comparison.columns))
    tab_title.set_to(shared(comparison.recipes) if comparison.columns else "Compare")
    with st.sidebar:
        fill.show()
        start_buttons(comparison)
        settings_tabs(comparison)
    board_widgets.show(comparison)
    unit.show(board.units(comparison))
    share(session.comparison())


def share(comparison: Comparison) -> None:
    session.share({links.COMPARISON: links.write_comparison(comparison)} if comparison.columns else {})


def start_buttons(comparison: Comparison) -> None:
    start.show(columns.start, columns.new_seed, disabled=not comparison.columns)
    keys.NOTES.set(columns.notes())
    with st.container():  # a place of its own: with the line or without, the open tab is not forgotten
        for sentence in keys.NOTES.get():
            st.caption(sentence)


def settings_tabs(comparison: Comparison) -> None:
    known, steering, sweeping, file = st.tabs(["Columns", "Sliders", "Sweep", "Open"])
    with known:
        column_widgets.show(comparison)
    with steering:
        sliders()
    with sweeping:
        sweep.show()
    with file:
        uploader("Comparison", keys.COMPARISON_FILE, COMPARISON, columns.file_given)
        st.caption(
            "The address of this page contains all columns. "
            "Copy link, under Save, gives one that contains what was changed during the run too."
        )


@st.fragment
def sliders() -> None:
    column_widgets.show_sliders()
    comparison = session.comparison()
    if not comparison.columns:
        return
    now = labels(comparison.columns), columns.notes()
    if messages.waits() or now != (keys.LABELS.get(), keys.NOTES.get()):
        draw_anew()  # the rest of the page has something to say, or says it in other words now
    share(comparison)
