"""The panel of a unit: its synthesized picture beside the images that it answers to, folded at first.

`show` mounts it. What it shows it asks for over the units' routes, when it is opened.
"""

from dataclasses import dataclass

from streamlit.components.v2 import component

from actviz_core import samples
from dashboard.server import assets
from dashboard.state import keys
from dashboard.words.tables import FIRST
from dashboard.words.terms import term
from dashboard.words.unit import words

mount = component(
    "actviz_unit",
    css=assets.style("unit/unit.css"),
    js=assets.loader("unit/unit.js"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class UnitEntry:
    """A unit of a network: what it is called, its layer and channel; None where it has none.

    door         where questions about its network go
    note         what has to be said of it
    synthesized  whether its picture is shown here; not where the page shows the same one already
    border       whether it is remarked that its values are highest at the images' border
    """

    title: str
    door: str
    layer: str
    channel: int | None
    note: str = ""
    synthesized: bool = True
    border: bool = True


def show(units: tuple[UnitEntry, ...], version: str = "", folded: bool = True, lang: str = FIRST) -> None:
    """One panel for these units, of which one is looked at.

    version  of the visitor's image, where the page is about one: the panel says where it lies among others
    folded   whether it is, until somebody opens it
    lang     the language that all of it is said in
    """
    data = {"files": assets.address(), "units": [vars(unit) for unit in units], "version": version, "folded": folded}
    mount(key=keys.UNIT.name, data=data | {"words": told(lang)})


def told(lang: str) -> dict[str, str]:
    """What the browser says: its sentences, and the titles of the sample photographs."""
    said = {name: sentence for name, sentence in words(lang).items() if not name.startswith("note_")}
    return said | {f"name {each.title}": term(each.title, lang) for each in samples.SAMPLES}
