"""The gallery's component: a sheet of thumbnails that fills while one looks. `show` mounts it and returns what was asked for.

Pictures reach it over the gallery's routes; it asks for news itself, and its asking keeps the work going.
"""

from dataclasses import dataclass

import streamlit as st

from dashboard.gallery.files import STYLE, VERSION
from dashboard.gallery.filling import Filling
from dashboard.viewer.files import base, loader

mount = st.components.v2.component("actviz_gallery", css=STYLE, js=loader("gallery.js"), isolate_styles=False)


@dataclass(frozen=True)
class GalleryEvent:
    """What the page has to do: kind "chosen" (`channel`), "open" (it in Explore), "add" (it to the comparison) or "reopen" (the server no longer knows the filling)."""

    kind: str
    channel: int = 0


def show(token: str, filling: Filling, key: str, title: str, chosen: int | None = None, height: str = "max(330px, calc(100vh - 48px))") -> GalleryEvent | None:
    """The sheet of a filling, for one visitor, who chose that channel before."""
    gallery = filling.fine.gallery
    data = {
        "files": f"{base()}/gallery-files/{VERSION}/",
        "door": f"{base()}/gallery/{token}/{filling.name}",
        "title": title,
        "count": gallery.channels,
        "width": gallery.spec.width,
        "height": gallery.spec.height,
        "tall": height,
        "chosen": chosen,
    }
    result = mount(key=key, data=data, on_event_change=lambda: None, on_chosen_change=lambda: None)
    return event_of(result.get("event"), gallery.channels) or event_of({"kind": "chosen", "channel": result.get("chosen")}, gallery.channels)


def event_of(value, channels: int) -> GalleryEvent | None:
    """What the browser sent, if it makes sense."""
    if not isinstance(value, dict) or value.get("kind") not in ("chosen", "open", "add", "reopen"):
        return None
    channel = value.get("channel", 0)
    return GalleryEvent(value["kind"], channel) if type(channel) is int and 0 <= channel < channels else None
