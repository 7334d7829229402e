"""The widgets of a sweep: what varies, and what becomes of the picture that was clicked."""

import streamlit as st

from actviz_core import FINEST, Axis, Setting, Sweep, check_range, described, label_of
from dashboard.actions import picked
from dashboard.state import keys, messages, session
from dashboard.state.messages import guarded
from dashboard.widgets import sliders


def show() -> None:
    recipe = session.recipe()
    numbers = {address: setting for address, setting in sliders.numbers_of(recipe.hyperparams) if not setting.choices}
    st.caption(
        f"A grid of up to {FINEST} x {FINEST} cells, one picture of Explore's target in each: "
        "one setting varies across, another down."
    )
    across = axis_widgets("Across", "across", numbers, "learning_rate", (0.05, 0.4))
    down = axis_widgets("Down", "down", numbers, "scale.high", (1.0, 1.6))
    st.button(
        "Start sweep",
        icon=":material/grid_view:",
        key=keys.DO_SWEEP.name,
        type="primary",
        use_container_width=True,
        on_click=guarded(start),
        args=(across, down),
    )


def axis_widgets(label: str, side: str, numbers: dict[str, Setting], address: str, ends: tuple[float, float]) -> str:
    """Draws one side's widgets, at first with that address and those ends; gives the address that was chosen."""
    chosen = st.selectbox(
        label, list(numbers), index=list(numbers).index(address), key=keys.side(side).name, format_func=label_of
    )
    setting = numbers[chosen]
    lowest = setting.low or 0.0
    low, high = ends if chosen == address else (lowest, lowest + 1 if setting.high is None else setting.high)
    from_, to, steps = st.columns(3)
    # Without bounds, which Streamlit's widgets would hold to in silence: `axis_of` says what is out of range.
    from_.number_input("From", value=float(low), key=keys.end(side, "low", chosen).name, format="%g")
    to.number_input("To", value=float(high), key=keys.end(side, "high", chosen).name, format="%g")
    steps.number_input("Steps", value=3, key=keys.number_of_steps(side).name)
    return chosen


def start(across: str, down: str) -> None:
    picked.start_sweep(Sweep(session.recipe(), axis_of("across", across), axis_of("down", down)))


def axis_of(side: str, address: str) -> Axis:
    """What varies along that side; ActvizError in the page's words where a number is out of range."""
    low, high = keys.end(side, "low", address).get(), keys.end(side, "high", address).get()
    steps, setting = keys.number_of_steps(side).get(), dict(sliders.numbers_of(session.recipe().hyperparams))[address]
    check_range((low, high), setting, f"{side.capitalize()}: {label_of(address)}")
    check_range(steps, described(Axis)["steps"], f"{side.capitalize()}: the number of steps")
    return Axis(address, low, high, steps)


def show_picked() -> None:
    entry = session.picked()
    if entry is None:
        st.caption("Click a picture to use its settings in Explore, or to save them as a preset.")
        return
    name, take, add, title, keep = st.columns([3, 2, 2, 3, 2], vertical_alignment="bottom")
    name.markdown(f"Selected: **{messages.plain(entry.title)}**")
    title.text_input("Preset name", key=keys.PRESET_NAME.name, placeholder="my preset", label_visibility="collapsed")
    for spot, label, key, act in (
        (take, "Use in Explore", keys.TAKE_OVER, picked.use_in_explore),
        (add, "Add as a column", keys.ADD_PICKED, picked.add),
        (keep, "Save as preset", keys.KEEP_PRESET, picked.keep),
    ):
        spot.button(label, key=key.name, use_container_width=True, on_click=guarded(act), args=(entry,))
