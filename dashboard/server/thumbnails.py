"""Thumbnails for the wall of a class: each member's newest picture, small, made once for all who look."""

import io
import threading

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from actviz_core import Frame
from dashboard.state.member import Member
from dashboard.state.visitors import Visitor
from dashboard.state.watched import Watched

SMALL, LARGE = 96, 320  # pixels of the longer side: on the wall, and where one picture is shown to all
QUALITY = 80


class Thumbnails:
    """Asked by any thread. Of each member and size the newest is kept, by its run and iteration."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: dict[tuple[str, int], tuple[tuple[str, int], bytes]] = {}

    def of(self, member: Member, size: int = SMALL) -> tuple[tuple[str, int], bytes] | None:
        """Which picture it is, run and iteration, and its JPEG; None where there is none yet, or it is of a photograph.

        The last one stays while the member is away.
        """
        found = newest(member.visitor) if member.visitor is not None else None
        place = member.id, size
        with self.lock:
            if found is None:
                return self.kept.get(place)
            entry, frame = found
            which = entry.key, frame.iteration
            if self.kept.get(place, (None, b""))[0] != which:
                self.kept[place] = which, small(frame.images[0], size)
            return self.kept[place]

    def forget(self, present: set[str]) -> None:
        """Keeps those of these members only."""
        with self.lock:
            self.kept = {place: kept for place, kept in self.kept.items() if place[0] in present}


def small(image: UInt8[np.ndarray, "height width 3"], size: int) -> bytes:
    """A JPEG of at most that many pixels a side."""
    picture, buffer = Image.fromarray(image), io.BytesIO()
    picture.thumbnail((size, size))
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def newest(visitor: Visitor) -> tuple[Watched, Frame] | None:
    """The run of theirs that was begun last among those on screen, else among all, and its picture, once it has one.

    None that begins with a photograph: it may show somebody.
    """
    entries = list(visitor.watched.values())
    shown = [entry for entry in entries if visitor.on_screen is None or entry.key in visitor.on_screen]
    found = [(entry, frame) for entry in shown or entries if (frame := entry.run.newest) is not None]
    return found[-1] if found and found[-1][0].recipe().spec.start != "photograph" else None
