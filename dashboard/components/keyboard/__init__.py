"""The keyboard: on every page the sheet of what keys do there, with its switch, and the page's language."""

from collections.abc import Mapping

from streamlit.components.v2 import component

from dashboard.server import assets
from dashboard.state import keys

mount = component(
    "actviz_keyboard",
    css=assets.style("keyboard/keyboard.css"),
    js=assets.loader("keyboard/keyboard.js"),
    isolate_styles=False,
)


def show(lang: str, words: Mapping[str, str]) -> None:
    """`words` are those of the sheet, in that language."""
    said = {name: text for name, text in words.items() if name.startswith("keys_")}
    mount(key=keys.KEYBOARD.name, data={"files": assets.address(), "lang": lang, "words": said})
