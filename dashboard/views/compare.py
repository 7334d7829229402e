"""Compare: recipes side by side under the same random views, and sweeps of two settings."""

from dataclasses import replace
from functools import partial

import streamlit as st

from actviz_core import (
    ALL_LOCKED,
    FILLS,
    MOST,
    ActvizError,
    Column,
    Comparison,
    Sweep,
    check_fill,
    export,
    filled,
    label_of,
    read_comparison,
)
from dashboard.actions import arrival, board
from dashboard.components import focus, viewer
from dashboard.state import links, messages, services, session
from dashboard.widgets import controls, uploads
from dashboard.widgets import sweep as sweep_widgets
from dashboard.widgets.uploads import Holding
from dashboard.words import target
from dashboard.words.labels import labels

EMPTY, WAITING = (
    "Create columns in the sidebar, or add pictures from Explore or the Gallery.",
    "Press Start to run these columns.",
)
HELD_OUT = (
    "Held-out score: the mean score under 16 random views that the optimization has not seen. "
    "Rank in layer: the channel's place in it under these views."
)
ROW, ROWS = 23, 6  # px of a row of the numbers; as many fit below the pictures without scrolling
SWITCH = 48  # px that the choice between columns and sweep takes above them
COMPARISON = Holding("a comparison", ("png", "json"), export.LARGEST_FILE >> 20)


def page() -> None:
    if arrival.arrive("compare"):
        board.steer(session.comparison())
    board.follow()
    comparison = session.comparison()
    say_complaint()
    st.session_state["labels"] = labels(comparison.columns)  # as this drawing shows them
    with st.sidebar:
        fill_widgets()
        start_buttons(comparison)
        columns, sliders_tab, sweeping, file = st.tabs(["Columns", "Sliders", "Sweep", "Open"])
        with columns:
            column_widgets(comparison)
        with sliders_tab:
            sliders()
        with sweeping:
            sweep_widgets.show()
        with file:
            open_widgets()
    if session.sweep():
        switch_widget(comparison)
    show_board()
    share(session.comparison())


def say_complaint() -> None:
    sentence = messages.complaint()
    if sentence:
        st.error(messages.plain(sentence), icon=":material/error:")


def share(comparison: Comparison) -> None:
    session.share({links.COMPARISON: links.write_comparison(comparison)} if comparison.columns else {})


# what is compared


def fill_widgets() -> None:
    recipe = session.recipe()
    title = target.title(recipe.spec.objectives[0], services.known_model(recipe.spec.model, recipe.spec.weights))
    st.caption(f"Explore's target: {messages.plain(title)} of {messages.plain(recipe.spec.model)}")
    st.session_state["fill"] = session.fill()
    st.selectbox(
        "Compare",
        list(FILLS),
        key="fill",
        on_change=messages.guarded(lambda: session.choose_fill(st.session_state["fill"])),
        help="Columns made from the target and settings of Explore; they replace the present ones",
    )
    sentence = impossible(recipe, FILLS[session.fill()])
    with st.container():  # a place of its own: what follows stays the same elements when it comes or goes
        if sentence:
            st.caption(sentence)
    fill, add = st.columns(2)
    fill.button(
        "Create columns",
        icon=":material/view_column:",
        key="do_fill",
        disabled=bool(sentence),
        type="secondary" if session.comparison().columns else "primary",
        use_container_width=True,
        on_click=messages.guarded(lambda: fill_clicked(FILLS[session.fill()])),
    )
    add.button(
        "Add from Explore",
        icon=":material/add:",
        key="add",
        use_container_width=True,
        help="Adds one column with the target and settings of Explore",
        on_click=messages.guarded(add_clicked),
    )


def impossible(recipe, fill) -> str:
    """Why Explore's target cannot be filled in like this; "" where it can."""
    try:
        check_fill(recipe, fill)
    except ActvizError as problem:
        return str(problem).capitalize()
    return ""


def fill_clicked(fill) -> None:
    before = len(session.comparison().columns)
    session.set_comparison(filled(session.recipe(), fill, services.loaded))
    start_clicked()
    if before:
        st.toast(
            f"{counted(len(session.comparison().columns))} in place of the {before} before.",
            icon=":material/view_column:",
        )


def add_clicked() -> None:
    board.add(session.recipe())
    session.show_sweep(False)


def start_buttons(comparison: Comparison) -> None:
    go, seed = st.columns([3, 2])
    empty = not comparison.columns
    go.button(
        "Start",
        icon=":material/play_arrow:",
        key="start",
        type="primary",
        use_container_width=True,
        disabled=empty,
        on_click=messages.guarded(start_clicked),
    )
    seed.button(
        "New seed",
        icon=":material/casino:",
        key="new_seed",
        use_container_width=True,
        disabled=empty,
        on_click=messages.guarded(new_seed),
    )
    st.session_state["outdated"] = board.outdated()
    with st.container():  # likewise: the open tab would be forgotten
        for sentence in told(len(comparison.columns), st.session_state["outdated"]):
            st.caption(sentence)


def told(columns: int, outdated: int) -> list[str]:
    """What Start is for, where that does not go without saying."""
    if session.sweeping():
        return [f"Start runs the {counted(columns)} and shows them; the sweep is kept."] * (columns > 0)
    if not outdated:
        return []
    whose = {1: "The settings of one column have"}.get(outdated, f"The settings of {outdated} columns have")
    whose = "The settings have" if outdated == columns else whose
    pictures = "this picture was" if outdated == 1 else "these pictures were"
    again = "it" if columns == 1 else f"all {columns}"
    return [f"{whose} changed since {pictures} made. Start makes {again} anew."]


def counted(columns: int) -> str:
    return f"{columns} column{'s' * (columns > 1)}"


def start_clicked() -> None:
    board.start(session.comparison())


def new_seed() -> None:
    comparison = session.comparison()
    columns = (
        replace(c, recipe=replace(c.recipe, spec=replace(c.recipe.spec, seed=c.recipe.spec.seed + 1)))
        for c in comparison.columns
    )
    session.set_comparison(Comparison(tuple(columns)))
    start_clicked()


def column_widgets(comparison: Comparison) -> None:
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
            key=f"remove.{column.number}",
            type="tertiary",
            on_click=messages.guarded(remove_column),
            args=(column.number,),
        )


def lock_button(column: Column) -> None:
    shares = "Shares its sliders with all locked columns. Click to give it its own."
    alone = "Has its own sliders. Click to share them again."
    st.button(
        f"{'Unlock' if column.locked else 'Lock'} column {column.number}",
        icon=":material/lock:" if column.locked else ":material/lock_open:",
        key=f"lock.{column.number}",
        type="tertiary",
        help=shares if column.locked else alone,
        on_click=messages.guarded(switch),
        args=(column.number,),
    )


def switch(number: int) -> None:
    session.set_comparison(session.comparison().switched(number))


def remove_column(number: int) -> None:
    """The focus goes to the button that removes the next column, or the one before.

    After the last it goes to the one that creates some.
    """
    before = [column.number for column in session.comparison().columns]
    session.set_comparison(session.comparison().without(number))
    left = [column.number for column in session.comparison().columns]
    focus.move(f"remove.{left[min(before.index(number), len(left) - 1)]}" if left else "do_fill")


# what steers them


@st.fragment
def sliders() -> None:
    """One set for all locked columns, or those of one unlocked column."""
    comparison = session.comparison()
    if not comparison.columns:
        st.caption("Sliders appear with the first column.")
        return
    numbers = [column.number for column in comparison.columns]
    names = dict(zip(numbers, labels(comparison.columns), strict=True))
    locked = [column for column in comparison.columns if column.locked]
    choices = ([ALL_LOCKED] if locked else []) + [column.number for column in comparison.columns if not column.locked]
    if st.session_state.get("steered") not in choices:
        st.session_state["steered"] = choices[0]
    number = st.selectbox(
        "Sliders for",
        choices,
        key="steered",
        format_func=lambda number: f"column {number}" if number else "all locked columns",
        help="The sliders of all locked columns show the first one's settings.",
    )
    # Not in the box: a browser sends the words that it has, and moving the sliders changes these.
    if number != ALL_LOCKED:
        st.caption(messages.plain(names[number]))
    steered = (
        locked[0] if number == ALL_LOCKED else next(column for column in comparison.columns if column.number == number)
    )
    hyperparams = steered.recipe.final
    for pair in pairs(controls.numbers_of(hyperparams)):
        for spot, (address, setting) in zip(st.columns(2), pair, strict=False):
            with spot:
                controls.number(
                    label_of(address),
                    setting,
                    hyperparams.value(address),
                    f"compare.{number}.{address}",
                    partial(steer, number, address),
                )
    if (
        messages.complains()
        or list(names.values()) != st.session_state["labels"]
        or board.outdated() != st.session_state["outdated"]
    ):
        st.rerun()  # the rest of the page has something to say, or says it in other words now
    share(session.comparison())


def steer(number: int, address: str, value) -> None:
    board.steer(session.comparison().steered(number, address, value))


def pairs(values: list) -> list[list]:
    return [values[start : start + 2] for start in range(0, len(values), 2)]


# opening


def open_widgets() -> None:
    uploads.uploader("Comparison", "comparison_file", COMPARISON, file_given)
    st.caption(
        "The address of this page contains all columns. "
        "Copy link, under Save, gives one that contains what was changed during the run too."
    )


def file_given(file) -> None:
    comparison = read_comparison(file.getvalue())
    recipes = session.brought(comparison.recipes)
    both = zip(comparison.columns, recipes, strict=True)
    session.set_comparison(Comparison(tuple(replace(column, recipe=recipe) for column, recipe in both)))
    board.clear()


# the board


def switch_widget(comparison: Comparison) -> None:
    """Columns and sweep stay beside each other; one of them is shown, and runs."""
    st.session_state["sweeping"] = session.sweeping()
    names = {
        False: f"Columns ({len(comparison.columns) or 'none yet'})",
        True: f"Sweep ({len(session.sweep())} pictures)",
    }
    st.segmented_control(
        "Shown",
        list(names),
        key="sweeping",
        format_func=names.get,
        label_visibility="collapsed",
        required=True,
        on_change=messages.guarded(lambda: session.show_sweep(st.session_state["sweeping"])),
    )


def show_board() -> None:
    across = session.across()
    entries = session.sweep() if across else session.board()
    if not across:
        board.evaluate(entries)
    view = viewer.View(
        device=services.device(),
        height=f"max(520px, calc(100vh - {around(len(entries), across)}px))",
        score_label=target.score_label(entries[0].recipe().spec.objectives[0]) if entries else "score",
        board=True,
        across=across,
        difference=difference_keys(entries),
        picked=session.state().picked if across else "",
        placeholder=WAITING if session.comparison().columns else EMPTY,
        again=links.write_sweep(session.swept()) if across else "",
        title=board.title(entries),
        axes=tuple(board.axes(entries, across)),
    )
    viewer.show(session.visitor().token, entries, "board", view, on_event=messages.guarded(obey))
    if not entries:
        return
    if across:
        sweep_widgets.show_picked()
    else:
        difference_widget(entries)


def around(pictures: int, across: int) -> int:
    """The px that the page has above and below pictures and curves."""
    below = 150 if across else 185 + ROW * min(pictures, ROWS) if pictures else 60
    return below + SWITCH * bool(session.sweep())


def obey(event: viewer.ViewerEvent) -> None:
    if event.kind == "chosen":
        if session.across():
            session.pick(event.run)
    elif event.of:
        board.start_sweep(Sweep.from_json(event.of))
    elif event.kind == "again":
        start_clicked()


def difference_keys(entries: list) -> tuple[str, str] | None:
    chosen = session.difference()
    keys = [entry.key for entry in entries]
    return tuple(chosen) if len(chosen) == 2 and set(chosen) <= set(keys) else None


def difference_widget(entries: list) -> None:
    titles = {entry.key: entry.title for entry in entries}
    # One for each board: what the browser still says of another's pictures is not heard.
    widget = f"difference.{'.'.join(titles)}"
    st.session_state[widget] = [key for key in session.difference() if key in titles]
    pair, when = st.columns([4, 3], vertical_alignment="bottom")
    pair.multiselect(
        "Difference of two columns",
        list(titles),
        key=widget,
        format_func=lambda key: titles.get(key, ""),
        max_selections=2,
        select_all=False,
        placeholder="choose two",
        on_change=messages.guarded(lambda: session.set_difference(st.session_state[widget])),
    )
    several = " All of each column's first picture." if any(entry.recipe().spec.count > 1 for entry in entries) else ""
    when.caption(
        HELD_OUT + several
        if all(entry.run.ended for entry in entries)
        else "Held-out scores and ranks appear when all columns have finished."
    )
