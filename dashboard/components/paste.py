"""Pasting: an image in the clipboard is taken as if it had been dropped where the Explain page takes files."""

from pathlib import Path

from streamlit.components.v2 import component

from dashboard.state import keys

mount = component(
    "actviz_paste", js=Path(__file__).with_name("paste.js").read_text(encoding="utf-8"), isolate_styles=False
)


def show() -> None:
    mount(key=keys.PASTE.name)
