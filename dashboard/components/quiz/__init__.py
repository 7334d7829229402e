"""The quiz: two images, what stands beside them, six answers, and at the end what came of it.

`show` mounts it. All that it shows it asks for over the quiz's routes, and answers go there too: no script of the page
runs for it.
"""

from collections.abc import Mapping

from streamlit.components.v2 import component

from dashboard.server import assets
from dashboard.state import keys

mount = component(
    "actviz_quiz",
    css=assets.style("parts/keys.css", "parts/shares.css", "quiz/quiz.css"),
    js=assets.loader("quiz/quiz.js"),
    isolate_styles=False,
)


def show(token: str, lang: str, words: Mapping[str, str]) -> None:
    """The visitor's, in that language."""
    door = f"{assets.base()}/quiz/{token}"
    mount(key=keys.QUIZ.name, data={"files": assets.address(), "door": door, "lang": lang, "words": dict(words)})
