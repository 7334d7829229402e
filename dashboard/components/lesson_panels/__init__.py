"""The panels of a lesson beside its picture: the newest step in numbers, as a formula, and the gradient as an image.

`show` mounts them. What they show they ask for over the lessons' routes.
"""

from collections.abc import Mapping, Sequence

from streamlit.components.v2 import component

from dashboard.server import assets
from dashboard.state import keys

mount = component(
    "actviz_lesson_panels",
    css=assets.style("lesson_panels/lesson_panels.css"),
    js=assets.loader("lesson_panels/lesson_panels.js"),
    isolate_styles=False,
)


def show(token: str, step: str, panels: Sequence[str], formula: str, words: Mapping[str, str]) -> None:
    """Of these panels, "gradient", "formula" and "numbers", for the visitor's step; `words` are the page's own."""
    data = {
        "files": assets.address(),
        "door": f"{assets.base()}/lessons/{token}",
        "step": step,
        "panels": list(panels),
        "formula": formula,
        "words": dict(words),
    }
    mount(key=keys.LESSON_PANELS.name, data=data)
