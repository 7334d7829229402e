"""Thumbnails for the wall of a class: each member's newest picture, small, made once for all who look."""

import io
import threading

from PIL import Image

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
        entry = newest(member.visitor) if member.visitor is not None else None
        place = member.id, size
        with self.lock:
            if entry is None:
                return self.kept.get(place)
            frame = entry.run.newest
            which = entry.key, frame.iteration
            if self.kept.get(place, (None, b""))[0] != which:
                self.kept[place] = which, small(frame.images[0], size)
            return self.kept[place]

    def forget(self, present: set[str]) -> None:
        """Keeps those of these members only."""
        with self.lock:
            self.kept = {place: kept for place, kept in self.kept.items() if place[0] in present}


def small(image, size: int) -> bytes:
    """uint8 [h, w, 3] -> JPEG of at most that many pixels a side."""
    picture, buffer = Image.fromarray(image), io.BytesIO()
    picture.thumbnail((size, size))
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def newest(visitor: Visitor) -> Watched | None:
    """The run of theirs that was begun last among those on screen, else among all, once it has a picture.

    None that begins with a photograph: it may show somebody.
    """
    entries = [entry for entry in list(visitor.watched.values()) if entry.run.newest is not None]
    shown = [entry for entry in entries if visitor.on_screen is None or entry.key in visitor.on_screen]
    last = (shown or entries)[-1:]
    return last[0] if last and last[0].recipe().spec.start != "photograph" else None
