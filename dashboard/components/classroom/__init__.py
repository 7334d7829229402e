"""The teacher's page: how to join, what the teacher can do, and the wall of everybody's newest pictures.

All of it goes over the teacher's own socket (server/wall.py), which a cookie opens; the page only says what there is to
push.
"""

from dataclasses import asdict, dataclass

from streamlit.components.v2 import component

from dashboard.server import assets
from dashboard.state import keys

mount = component(
    "actviz_classroom",
    css=assets.style("parts/answers.css", "parts/shares.css", "classroom/classroom.css"),
    js=assets.loader("classroom/classroom.js"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class OfferedLesson:
    """A lesson, and its steps as (id, title)."""

    name: str
    title: str
    steps: tuple[tuple[str, str], ...]


def show(lessons: tuple[OfferedLesson, ...], recipe: str, target: str, lang: str, refusal: str) -> None:
    """What can be pushed.

    recipe   JSON of what Explore is set to, and `target` what that is called
    refusal  what whoever is not the teacher reads, in a language
    """
    base = assets.base()
    data = {"files": assets.address(), "wall": f"{base}/class/wall", "door": f"{base}/class/teacher"}
    data |= {"sheet": f"{base}/class/wall.png"}
    data |= {"recipe": recipe, "target": target, "lang": lang, "refusal": refusal}
    mount(key=keys.CLASSROOM.name, data=data | {"lessons": [asdict(lesson) for lesson in lessons]})
