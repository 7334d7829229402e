"""The keyboard's focus: where it goes when a callback takes away what had it.

Without this it would go back to the page's beginning.
"""

from pathlib import Path

from streamlit.components.v2 import component

from dashboard.state import keys
from dashboard.state.keys import Key

mount = component(
    "actviz_focus", js=Path(__file__).with_name("focus.js").read_text(encoding="utf-8"), isolate_styles=False
)


def move(key: Key) -> None:
    """The widget of that key has the focus next, as soon as it is there; unless something else is chosen by then."""
    keys.FOCUS.set({"turn": keys.FOCUS.get()["turn"] + 1, "key": key.name})


def show() -> None:
    mount(key=keys.FOCUS_MOVER.name, data=keys.FOCUS.get())
