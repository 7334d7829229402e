"""The gallery's component: a sheet of thumbnails that fills while one looks.

`show` mounts it and does what is asked for on it.

Pictures reach it over the gallery's routes; it asks for news itself, and its asking keeps the work going.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from streamlit.components.v2 import component

from dashboard.jobs.filling import Filling
from dashboard.server import assets
from dashboard.state import keys
from dashboard.state.callbacks import draw_anew, whole
from dashboard.words import viewer
from dashboard.words.gallery import words
from dashboard.words.tables import FIRST

mount = component(
    "actviz_gallery",
    css=assets.style("viewer/viewer.css", "gallery/gallery.css"),
    js=assets.loader("gallery/gallery.js"),
    isolate_styles=False,
)

SAVING = ("making", "queue", "ordinals", "not_saved")  # what is said while something is saved, as in the viewer
HEIGHT = "max(330px, calc(100vh - 108px))"


@dataclass(frozen=True)
class GalleryEvent:
    """What the page has to do.

    kind  "chosen" (`channel`), "open" (it in Explore), "add" (it to the comparison) or "reopen" (the server no longer
          knows the filling)
    """

    kind: str
    channel: int = 0


def show(
    token: str,
    filling: Filling,
    title: str,
    chosen: int | None,
    *,
    on_event: Callable[[GalleryEvent], None],
    tall: str = HEIGHT,
    lang: str = FIRST,
) -> None:
    """The sheet of a filling, for one visitor, who chose that channel before.

    on_event  does what was asked for, before the page is drawn: what draws it may be given up for a newer wish, and
              took the event with it
    tall      its height, a CSS length
    lang      the language that all of it is said in
    """
    gallery = filling.fine.gallery
    data = {
        "files": assets.address(),
        "door": f"{assets.base()}/gallery/{token}/{filling.name}",
        "title": title,
        "count": gallery.channels,
        "width": gallery.spec.width,
        "height": gallery.spec.height,
        "tall": tall,
        "chosen": chosen,
        "words": words(lang) | {name: viewer.words(lang)[name] for name in SAVING},
    }
    obey = partial(obey_sent, gallery.channels, on_event)
    result = mount(
        key=keys.GALLERY.name,
        data=data,
        on_chosen_change=whole(partial(hear, obey, "chosen")),
        on_event_change=whole(partial(hear, obey, "event")),
    )
    if keys.obeyed(keys.GALLERY).pop():
        return
    # The first click after the server was restarted: nobody was there to hear of it.
    done = [obey(name, result.get(name)) for name in ("chosen", "event")]
    if any(done):
        draw_anew()


def hear(obey: Callable[[str, object], bool], name: str) -> None:
    keys.obeyed(keys.GALLERY).set(True)
    obey(name, keys.GALLERY.get().get(name))


def obey_sent(channels: int, on_event: Callable[[GalleryEvent], None], name: str, value: object) -> bool:
    """Whether what the browser sent under that name makes sense; then it is done."""
    event = event_of(chosen_of(value) if name == "chosen" else value, channels)
    if event is not None:
        on_event(event)
    return event is not None


def event_of(value: Any, channels: int) -> GalleryEvent | None:
    """What the browser sent, if it makes sense."""
    if not isinstance(value, dict) or value.get("kind") not in ("chosen", "open", "add", "reopen"):
        return None
    channel = value.get("channel", 0)
    return GalleryEvent(value["kind"], channel) if type(channel) is int and 0 <= channel < channels else None


def chosen_of(value: Any) -> Any:
    """The event of a choice, None for an older one: of many keys in a row Streamlit may bring an earlier one last."""
    turn = value.get("turn") if isinstance(value, dict) else None
    if type(turn) is not int or turn < keys.CHOICE_TURN.get():
        return None
    keys.CHOICE_TURN.set(turn)
    return {"kind": "chosen", "channel": value.get("channel")}
