"""The Explain page's component: an image with its frame, the network's classes, maps, and masking by hand.

`show` mounts it and does what is asked for on it.

Maps and answers to masks reach it over the explanation's routes; it asks for them itself. It sends no second event
before the page is drawn with the turn of the first (queue.js).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from streamlit.components.v2 import component

from dashboard.components import turn
from dashboard.server import assets
from dashboard.state import keys

mount = component(
    "actviz_explain",
    css=assets.style("viewer/viewer.css", "parts/maps.css", "explain/explain.css"),
    js=assets.loader("explain/explain.js"),
    isolate_styles=False,
)

LONGEST_NAME = 200  # letters, of a layer
KEYED = ("remove", "pause", "resume", "stop", "signed")
Frame = tuple[int, int, int, int]
"""Of an image: pixels from its top and left, height, width."""
Save = tuple[str, str, str]
"""An address, what stands there, and its name within a sentence."""


@dataclass(frozen=True)
class MapEntry:
    """A map: its run's `key`, and what stands around it.

    signed         whether values below zero are evidence against
    offers_signed  whether the page can show it signed where there is no positive evidence
    saves          what can be saved of it
    evidence       whether the server can test whether it can be believed
    """

    key: str
    title: str
    layer: str
    meaning: str
    misleads: str
    signed: bool
    offers_signed: bool = False
    saves: tuple[Save, ...] = ()
    evidence: bool = False
    begun: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explained:
    """What is explained: its title, the class it is and the one it is explained against, its score for the picture."""

    title: str
    index: int | None = None
    against: int | None = None
    score: float | None = None


@dataclass(frozen=True)
class Shown:
    """What the component shows.

    door         where its questions go: the base of all addresses, "/explain/" and the visitor's token
    version      of the image: another one is another image
    image        height and width of the whole image, in pixels
    frame        what the network sees of it, in those pixels
    size         height and width of the network's pictures
    colours      the tables "diverging" and "sequential": 256 colours of three bytes, in Base64
    classes      (index, name, probability), the likeliest first
    synthesized  the address of the target's synthesized picture
    saves        what can be saved of all maps together
    opacity      of the maps over the image, 0 to 1
    flip         whether the server can search for the smallest region that changes the answer
    mode         "frame" or "touch": what is done with the image; "": what was done with it last
    covered      what stands in place of the maps while they, and what the network says, wait for a prediction
    given        height and width that the image was reduced from; None: it was not
    """

    door: str
    version: str
    image: tuple[int, int]
    frame: Frame
    size: tuple[int, int]
    colours: Mapping[str, str]
    explained: Explained
    maps: tuple[MapEntry, ...] = ()
    classes: tuple[tuple[int, str, float], ...] = field(default=(), repr=False)
    synthesized: str | None = None
    saves: tuple[Save, ...] = ()
    opacity: float = 1.0
    flip: bool = False
    searched: bool = False
    mode: str = ""
    covered: str = ""
    given: tuple[int, int] | None = None

    def data(self) -> dict:
        """As the browser reads it."""
        return {
            "files": assets.address(),
            "door": self.door,
            "image": {
                "version": self.version,
                "height": self.image[0],
                "width": self.image[1],
                "given": list(self.given) if self.given else None,
            },
            "frame": list(self.frame),
            "size": list(self.size),
            "colours": dict(self.colours),
            "explained": vars(self.explained),
            "maps": [told(entry) for entry in self.maps],
            "classes": [list(entry) for entry in self.classes],
            "synthesized": self.synthesized,
            "saves": [list(save) for save in self.saves],
            "opacity": self.opacity,
            "flip": self.flip,
            "searched": self.searched,
            "mode": self.mode,
            "covered": self.covered,
        }


@dataclass(frozen=True)
class ExplainEvent:
    """What the page has to do.

    kind  "frame" (the network sees `frame` from now on), "explain_class" or "against" (the class at `index`), "remove",
          "pause", "resume", "stop" or "signed" (the map of `key`), "layer" (that map is one of `layer` from now on),
          "opacity" (of all maps), "open" (the target in Explore) or "reopen" (the server no longer knows a map)
    """

    kind: str
    frame: Frame = (0, 0, 0, 0)
    index: int = 0
    key: str = ""
    layer: str = ""
    opacity: float = 0.0


def show(shown: Shown, *, on_event: Callable[[ExplainEvent], None]) -> None:
    """Shows an image and its maps.

    on_event  does what was asked for, before the page is drawn: what draws it may be given up for a newer wish, and
              took the event with it
    """

    def obey(value: object) -> bool:
        event = event_of(value, shown)
        if event is not None:
            on_event(event)
        return event is not None

    turn.show(mount, keys.EXPLAIN, keys.EXPLAIN_TURN, shown.data(), obey)


def told(entry: MapEntry) -> dict:
    data = dict(vars(entry))
    saves = [list(save) for save in entry.saves]
    return data | {"offersSigned": data.pop("offers_signed"), "saves": saves}


def event_of(value: Any, shown: Shown) -> ExplainEvent | None:
    """What the browser sent, if it makes sense."""
    if not isinstance(value, dict):
        return None
    kind, key, index = value.get("kind"), value.get("key"), value.get("index")
    if kind in ("open", "reopen"):
        return ExplainEvent(kind)
    entry = next((entry for entry in shown.maps if entry.key == key), None)
    if kind in KEYED:
        return ExplainEvent(kind, key=entry.key) if entry else None
    if kind == "layer":
        layer = value.get("layer")
        if entry is None or not isinstance(layer, str) or not 0 < len(layer) <= LONGEST_NAME:
            return None
        return ExplainEvent(kind, key=entry.key, layer=layer)
    if kind == "opacity":
        opacity = value.get("opacity")
        if isinstance(opacity, bool) or not isinstance(opacity, (int, float)) or not 0 <= opacity <= 1:
            return None
        return ExplainEvent(kind, opacity=opacity)
    if kind in ("explain_class", "against"):
        known = {entry[0] for entry in shown.classes}
        return ExplainEvent(kind, index=index) if type(index) is int and index in known else None
    frame = frame_of(value.get("frame"), shown.image)
    return ExplainEvent("frame", frame=frame) if kind == "frame" and frame else None


def frame_of(value: Any, image: tuple[int, int]) -> Frame | None:
    """A frame that lies within an image of that height and width."""
    if not isinstance(value, list) or len(value) != 4 or not all(type(side) is int for side in value):
        return None
    top, left, height, width = value
    inside = top >= 0 and left >= 0 and 1 <= height <= image[0] - top and 1 <= width <= image[1] - left
    return (top, left, height, width) if inside else None
