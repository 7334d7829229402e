"""Start and New seed, of Explore and of Compare, and the line that says what Start is for."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.state import keys
from dashboard.state.messages import guarded


def show(start: Callable[[], object], new_seed: Callable[[], object], disabled: bool = False, help: str = "") -> None:
    go, seed = st.columns([3, 2])
    common: dict[str, Any] = dict(use_container_width=True, disabled=disabled)
    go.button(
        "Start",
        icon=":material/play_arrow:",
        key=keys.START.name,
        type="primary",
        on_click=guarded(start),
        **common,
    )
    seed.button(
        "New seed",
        icon=":material/casino:",
        key=keys.NEW_SEED.name,
        help=help or None,
        on_click=guarded(new_seed),
        **common,
    )
