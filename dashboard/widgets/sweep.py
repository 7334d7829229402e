"""The widgets of a sweep: what varies, and what becomes of the picture that was clicked."""

import streamlit as st

from actviz_core import FINEST, Axis, Sweep, label_of
from dashboard.actions import arrival, board
from dashboard.state import messages, session
from dashboard.widgets import controls


def show() -> None:
    recipe = session.recipe()
    numbers = {address: setting for address, setting in controls.numbers_of(recipe.hyperparams) if not setting.choices}
    st.caption(
        f"A grid of up to {FINEST} x {FINEST} cells, one picture of Explore's target in each: "
        "one setting varies across, another down."
    )
    across = axis("Across", "across", numbers, "learning_rate", (0.05, 0.4))
    down = axis("Down", "down", numbers, "scale.high", (1.0, 1.6))
    st.button(
        "Start sweep",
        icon=":material/grid_view:",
        key="do_sweep",
        type="primary",
        use_container_width=True,
        on_click=messages.guarded(lambda: sweep_clicked(across(), down())),
    )


def axis(label: str, key: str, numbers: dict, address: str, ends: tuple[float, float]):
    """Draws one side's widgets; what is returned reads them."""
    chosen = st.selectbox(
        label, list(numbers), index=list(numbers).index(address), key=f"sweep.{key}", format_func=label_of
    )
    setting = numbers[chosen]
    low, high = (
        ends if chosen == address else (setting.low, setting.high if setting.high is not None else setting.low + 1)
    )
    from_, to, steps = st.columns(3)
    options = dict(
        min_value=float(setting.low) if setting.low is not None else None,
        max_value=float(setting.high) if setting.high is not None else None,
        format="%g",
    )
    from_.number_input("From", value=float(low), key=f"sweep.{key}.low.{chosen}", **options)
    to.number_input("To", value=float(high), key=f"sweep.{key}.high.{chosen}", **options)
    steps.number_input("Steps", 2, FINEST, 3, key=f"sweep.{key}.steps")
    state = st.session_state
    return lambda: Axis(
        chosen,
        state[f"sweep.{key}.low.{chosen}"],
        state[f"sweep.{key}.high.{chosen}"],
        int(state[f"sweep.{key}.steps"]),
    )


def sweep_clicked(across: Axis, down: Axis) -> None:
    before = session.sweep()
    board.start_sweep(Sweep(session.recipe(), across, down))
    if before:
        st.toast("A new sweep in place of the one before.", icon=":material/grid_view:")


def show_picked() -> None:
    entry = session.picked()
    if entry is None:
        st.caption("Click a picture to use its settings in Explore, or to save them as a preset.")
        return
    name, take, add, title, keep = st.columns([3, 2, 2, 3, 2], vertical_alignment="bottom")
    name.markdown(f"Selected: **{messages.plain(entry.title)}**")
    take.button(
        "Use in Explore", key="take_over", use_container_width=True, on_click=messages.guarded(lambda: take_over(entry))
    )
    add.button(
        "Add as a column",
        key="add_picked",
        use_container_width=True,
        on_click=messages.guarded(lambda: add_picked(entry)),
    )
    title.text_input("Preset name", key="preset_name", placeholder="my preset", label_visibility="collapsed")
    keep.button(
        "Save as preset",
        key="keep_preset",
        use_container_width=True,
        on_click=messages.guarded(lambda: keep_clicked(entry)),
    )


def take_over(entry) -> None:
    session.set_recipe(entry.recipe())
    arrival.leave_for_explore("compare")


def add_picked(entry) -> None:
    number = board.add(entry.recipe())
    st.toast(f"Added as column {number}: choose Columns above the pictures to see it.", icon=":material/view_column:")


def keep_clicked(entry) -> None:
    preset = board.preset_of(entry, st.session_state["preset_name"])
    session.keep_preset(preset)
    st.toast(f"Saved as {messages.plain(preset.title)}: choose it under Preset on Explore.", icon=":material/bookmark:")
