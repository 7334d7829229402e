"""The board of Compare: its columns or its sweep, and what is chosen of them."""

from collections.abc import Sequence

import streamlit as st

from actviz_core import Comparison, Sweep
from dashboard.actions import board, columns
from dashboard.components import viewer
from dashboard.components.viewer.events import ViewerEvent
from dashboard.state import keys, links, services, session
from dashboard.state.keys import Key
from dashboard.state.messages import guarded
from dashboard.state.watched import Watched
from dashboard.widgets import sweep
from dashboard.widgets.controls import tell
from dashboard.words import target

EMPTY, WAITING = (
    "Create columns in the sidebar, or add pictures from Explore or the Gallery.",
    "Press Start to run these columns.",
)
HELD_OUT = (
    "Held-out score: the mean score under 16 random views that the optimization has not seen. "
    "Rank in layer: the channel's place in it under these views."
)
ROW, ROWS = 23, 6  # px of a row of the numbers; as many fit below the pictures without scrolling
UNIT = 60  # px that the folded panel of the units takes below
SWITCH = 48  # px that the choice between columns and sweep takes above them


def show(comparison: Comparison) -> None:
    if session.sweep():
        switch(comparison)
    across = session.across()
    entries = session.sweep() if across else session.board()
    if not across:
        board.evaluate(entries)
    view = viewer.View(
        device=services.device(),
        height=f"max(460px, calc(100vh - {around(len(entries), across)}px))",
        score_label=target.score_label(entries[0].recipe().spec.objectives[0]) if entries else "score",
        board=True,
        across=across,
        difference=chosen_difference(entries),
        picked=session.state().picked if across else "",
        placeholder=WAITING if session.comparison().columns else EMPTY,
        again=links.write_sweep(swept) if across and (swept := session.swept()) else "",
        title=board.title(entries),
        axes=tuple(board.axes(entries, across)),
    )
    viewer.show(session.visitor().token, entries, keys.BOARD, view, on_event=guarded(obey))
    if entries and across:
        sweep.show_picked()
    elif entries:
        difference_widget(entries)


def switch(comparison: Comparison) -> None:
    """Columns and sweep stay beside each other; one of them is shown, and runs."""
    keys.SWEEPING.set(session.sweeping())
    names = {
        False: f"Columns ({len(comparison.columns) or 'none yet'})",
        True: f"Sweep ({len(session.sweep())} pictures)",
    }
    st.segmented_control(
        "Shown",
        list(names),
        key=keys.SWEEPING.name,
        format_func=names.__getitem__,
        label_visibility="collapsed",
        required=True,
        on_change=guarded(tell),
        args=(keys.SWEEPING, session.show_sweep),
    )


def around(pictures: int, across: int) -> int:
    """The px that the page has above and below pictures and curves."""
    below = 150 if across else 185 + ROW * min(pictures, ROWS) if pictures else 60
    return below + UNIT + SWITCH * bool(session.sweep())


def obey(event: ViewerEvent) -> None:
    if event.kind == "chosen":
        if session.across():
            session.pick(event.run)
    elif event.of:
        board.start_sweep(Sweep.from_json(event.of))
    elif event.kind == "again":
        columns.start()


def chosen_difference(entries: Sequence[Watched]) -> tuple[str, str] | None:
    chosen = session.difference()
    return (chosen[0], chosen[1]) if len(chosen) == 2 and set(chosen) <= {entry.key for entry in entries} else None


def difference_widget(entries: Sequence[Watched]) -> None:
    titles = {entry.key: entry.title for entry in entries}
    key: Key[list[str]] = keys.difference(titles)
    key.set([run for run in session.difference() if run in titles])
    pair, when = st.columns([4, 3], vertical_alignment="bottom")
    pair.multiselect(
        "Difference of two columns",
        list(titles),
        key=key.name,
        format_func=lambda run: titles.get(run, ""),
        max_selections=2,
        select_all=False,
        placeholder="choose two",
        on_change=guarded(tell),
        args=(key, session.set_difference),
    )
    several = " All of each column's first picture." if any(entry.recipe().spec.count > 1 for entry in entries) else ""
    when.caption(
        HELD_OUT + several
        if all(entry.run.ended for entry in entries)
        else "Held-out scores and ranks appear when all columns have finished."
    )
