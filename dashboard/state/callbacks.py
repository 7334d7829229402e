"""Callbacks that are carried out whole, and pages that are drawn anew without losing a click.

Streamlit gives a callback up for a newer wish, at whatever it draws and at each look at the session's state; the click
was lost.
"""

from collections.abc import Callable
from typing import Any, NoReturn

import streamlit as st

from dashboard.state import keys
from dashboard.state.streamlit_private import uninterrupted


def whole(act: Callable[..., Any]) -> Callable[..., None]:
    """The same callback; a newer wish is heard when it is done."""

    def callback(*given: Any) -> None:
        with uninterrupted():
            act(*given)

    return callback


def draw_anew() -> NoReturn:
    """The page from its beginning. A newer wish, such as another page, comes first: ours would take its place."""
    keys.DRAWN.get()  # a look at the session's state, at which Streamlit takes the wish up
    st.rerun()
