"""The keyboard's focus: where it goes when a callback takes away what had it.

Without this it would go back to the page's beginning.
"""

from pathlib import Path

import streamlit as st

mount = st.components.v2.component(
    "actviz_focus", js=Path(__file__).with_name("focus.js").read_text(encoding="utf-8"), isolate_styles=False
)


def move(key: str) -> None:
    """The widget of that key has the focus next, as soon as it is there; unless something else is chosen by then."""
    turn = st.session_state.get("focus", {}).get("turn", 0) + 1
    st.session_state["focus"] = {"turn": turn, "key": key}


def show() -> None:
    mount(key="focus_mover", data=st.session_state.get("focus", {"turn": 0, "key": ""}))
