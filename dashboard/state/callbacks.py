"""Callbacks that are carried out whole.

Streamlit gives a callback up for a newer wish, at whatever it draws and at each look at the session's state; the click
was lost.
"""

from collections.abc import Callable
from typing import Any

from dashboard.state.streamlit_private import uninterrupted


def whole(act: Callable[..., Any]) -> Callable[..., None]:
    """The same callback; a newer wish is heard when it is done."""

    def callback(*given: Any) -> None:
        with uninterrupted():
            act(*given)

    return callback
