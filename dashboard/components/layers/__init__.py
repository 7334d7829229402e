"""The Layers page's component: every channel's feature map of a layer as one sheet, of an image or of the camera.

`show` mounts it and does what is asked for on it.

Sheets reach it over the layers' routes, frames of the camera leave it over a socket of its own. It sends no second
event before the page is drawn with the turn of the first (parts/queue.js).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from streamlit.components.v2 import component

from dashboard.components import turn
from dashboard.server import assets
from dashboard.state import keys

mount = component(
    "actviz_layers",
    css=assets.style("viewer/viewer.css", "parts/keys.css", "parts/maps.css", "layers/layers.css"),
    js=assets.loader("layers/layers.js"),
    isolate_styles=False,
)

HEIGHT = "max(420px, calc(100vh - 108px))"
STARTS = ("noise", "image")
OF_CHANNEL = ("channel", "open", "explain")


@dataclass(frozen=True)
class LayerEntry:
    """A layer of the network: its name, what it is called on the page, and its number of channels."""

    name: str
    title: str
    channels: int


@dataclass(frozen=True)
class Shown:
    """What the component shows.

    door      where its questions go: the base of all addresses, "/layers/" and the visitor's token
    version   of the visitor's image as this network sees it: another one is another image; "": there is none
    network   what it is called
    size      height and width of the network's pictures
    layers    in the order of the forward pass
    layer     the one that is shown
    channel   the one that is looked at, if any
    colours   the tables "diverging" and "sequential": 256 colours of three bytes, in Base64
    """

    door: str
    version: str
    network: str
    size: tuple[int, int]
    layers: tuple[LayerEntry, ...]
    layer: str
    channel: int | None
    colours: Mapping[str, str]

    def data(self) -> dict:
        """As the browser reads it."""
        return {
            "files": assets.address(),
            "door": self.door,
            "version": self.version,
            "network": self.network,
            "size": list(self.size),
            "layers": [[entry.name, entry.title, entry.channels] for entry in self.layers],
            "layer": self.layer,
            "channel": self.channel,
            "colours": dict(self.colours),
            "tall": HEIGHT,
        }


@dataclass(frozen=True)
class LayersEvent:
    """What the page has to do. Each event names its layer.

    kind  "layer" (it is shown from now on), "channel" (`channel` is looked at from now on, None: none is), "open" (it
          in Explore, from `start` "noise" or "image"), "explain" (it, on Explain), "frame" (a frame of the camera has
          become the visitor's image) or "reopen" (the server no longer knows the image)
    """

    kind: str
    layer: str = ""
    channel: int | None = None
    start: str = "noise"


def show(shown: Shown, *, on_event: Callable[[LayersEvent], None]) -> None:
    """Shows a layer.

    on_event  does what was asked for, before the page is drawn: what draws it may be given up for a newer wish, and
              took the event with it
    """

    def obey(value: object) -> bool:
        event = event_of(value, shown)
        if event is not None:
            on_event(event)
        return event is not None

    turn.show(mount, keys.LAYERS, keys.LAYERS_TURN, shown.data(), obey)


def event_of(value: Any, shown: Shown) -> LayersEvent | None:
    """What the browser sent, if it makes sense."""
    if not isinstance(value, dict):
        return None
    kind, name, channel, start = (value.get(key) for key in ("kind", "layer", "channel", "start"))
    if kind in ("frame", "reopen"):
        return LayersEvent(kind)
    entry = next((entry for entry in shown.layers if entry.name == name), None)
    if entry is None:
        return None
    if kind == "layer":
        return LayersEvent(kind, entry.name)
    known = type(channel) is int and 0 <= channel < entry.channels
    if kind not in OF_CHANNEL or not (known or (kind == "channel" and channel is None)):
        return None
    if kind != "open":
        return LayersEvent(kind, entry.name, channel)
    return LayersEvent(kind, entry.name, channel, start) if start in STARTS else None
