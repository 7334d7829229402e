"""Thumbnails for the wall of a class: each member's newest picture, small, made once for all who look; and the sheet
of all."""

import io
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from actviz_core import ActvizError, Frame, export, written
from dashboard.server.lessons import is_covered
from dashboard.state.classroom import Classroom
from dashboard.state.courses import COURSES
from dashboard.state.learning import Place
from dashboard.state.member import Member
from dashboard.state.thumbnail import small
from dashboard.state.visitors import Visitor
from dashboard.state.watched import Watched

Cover = Literal["", "own", "others"]
NOBODY: frozenset[Place] = frozenset()
SMALL, LARGE = 96, 320  # pixels of the longer side: on the wall, and where one picture is shown to all


class Thumbnails:
    """Asked by any thread. Of each member and size the newest is kept, by its run and iteration."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: dict[tuple[str, int], tuple[tuple[str, int], bytes]] = {}

    def of(
        self, member: Member, size: int = SMALL, awaited: frozenset[Place] = NOBODY
    ) -> tuple[tuple[str, int], bytes] | None:
        """Which picture it is, run and iteration, and its JPEG; None where there is none yet, or it is covered or of a
        photograph.

        The last one stays while the member is away.
        """
        if member.visitor is not None and cover_of(member.visitor, awaited):
            return None
        found = newest(member.visitor, awaited) if member.visitor is not None else None
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


def awaited(classroom: Classroom) -> frozenset[Place]:
    """The steps of lessons at which a member that is there has still to predict.

    Not where the teacher has revealed their answers: one that never predicts holds up nobody.
    """
    with classroom.lock:
        pages = [each.visitor for each in classroom.members.values() if each.connected and each.visitor]
        found = {classroom.revealed} if classroom.revealed else set()
    revealed = frozenset(found)
    for visitor in pages:
        learning = visitor.state.learning if visitor.page == "learn" and visitor.state else None
        if learning is None or not learning.lesson or learning.tried.predicted or learning.place in found:
            continue
        with suppress(ActvizError):  # the lesson is no longer there
            lesson, step = learning.place
            if is_covered(COURSES.lesson(lesson, learning.lang).step(step), learning.tried):
                found.add(learning.place)
    return frozenset(found - revealed)


def newest(visitor: Visitor, awaited: frozenset[Place] = NOBODY) -> tuple[Watched, Frame] | None:
    """The run of theirs that was begun last among those on screen, else among all, and its picture, once it has one.

    None that begins with a photograph: it may show somebody. And none that is covered.
    """
    found = begun_last(visitor)
    hidden = found is None or found[0].recipe().spec.start == "photograph" or covers(visitor, found[0].key, awaited)
    return None if hidden else found


def cover_of(visitor: Visitor, awaited: frozenset[Place] = NOBODY) -> Cover:
    """For whom its newest picture is covered: the wall hangs where the whole class sees it."""
    found = begun_last(visitor)
    return covers(visitor, found[0].key, awaited) if found else ""


def begun_last(visitor: Visitor) -> tuple[Watched, Frame] | None:
    entries = list(visitor.watched.values())
    shown = [entry for entry in entries if visitor.on_screen is None or entry.key in visitor.on_screen]
    found = [(entry, frame) for entry in shown or entries if (frame := entry.run.newest) is not None]
    return found[-1] if found else None


def covers(visitor: Visitor, key: str, awaited: frozenset[Place]) -> Cover:
    """Whether that run is of a step at which this visitor has to predict first, or others have."""
    if visitor.state is None:
        return ""
    learning = visitor.state.learning
    for (lesson, step), tried in ((place, tried) for place, tried in learning.steps.items() if key in tried.runs):
        with suppress(ActvizError):  # the lesson is no longer there, and its pages show nothing either
            if is_covered(COURSES.lesson(lesson, learning.lang).step(step), tried):
                return "own"
        if (lesson, step) in awaited:
            return "others"
    return ""


def contact_sheet(members: Sequence[Member], nameless: bool, awaited: frozenset[Place] = NOBODY) -> bytes | None:
    """Everybody's newest picture over its name as one PNG; None where there is none.

    nameless  whether the names are hidden
    """
    seen = [(member, *found) for member in members if member.visitor and (found := newest(member.visitor, awaited))]
    if not seen:
        return None
    pictures = [small_pixels(frame.images[0]) for _, _, frame in seen]
    labels = [
        f"{'' if nameless else f'{member.name}, '}iteration {frame.iteration}, score {written(frame.score[0], '.4g')}"
        for member, _, frame in seen
    ]
    buffer = io.BytesIO()
    Image.fromarray(export.sheet(export.labelled(pictures, labels))).save(buffer, "PNG")
    return buffer.getvalue()


def small_pixels(image: UInt8[np.ndarray, "height width 3"]) -> UInt8[np.ndarray, "_ _ 3"]:
    """No larger than a picture that is shown to all: members choose the sizes of theirs."""
    picture = Image.fromarray(image)
    picture.thumbnail((LARGE, LARGE))
    return np.asarray(picture)
