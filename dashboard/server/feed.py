"""What one viewer has received of one run, and the messages that bring it the rest.

A message is: uint32, big-endian, the header's length | the header, JSON | the pictures, JPEG, one after the other.
"""

import io
import json
import math
import struct
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from actviz_core import Diagnosis, Frame, Judgement, Point, Run, label_of
from dashboard.state.watched import Watched

POINTS = 2000  # per message; the rest follows in the next ones
QUALITY = 85
BLURRED = 1 / 4  # of a run, in which its picture is less clear than a finished one of half its width
LONGEST_PREVIEW = 48  # iterations; a run that is to go on for long is clear as soon as any other


def jpeg(image: np.ndarray) -> bytes:
    """uint8 [h, w, 3] -> JPEG, 4:2:0: 0.23 ms and 18 kB at 224 x 224."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=QUALITY, subsampling=2)
    return buffer.getvalue()


def pack(header: dict, pictures: Sequence[bytes] = ()) -> bytes:
    text = encode(header | {"sizes": [len(picture) for picture in pictures]})
    return b"".join([struct.pack(">I", len(text)), text, *pictures])


def encode(value: Any) -> bytes:
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"), default=float).encode()
    except ValueError:  # a run that diverged: browsers refuse NaN and Infinity
        return json.dumps(finite(value), separators=(",", ":"), default=float).encode()


def finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def compact(point: Point) -> list:
    penalties = {label_of(name): value for name, value in point.penalties}  # as their sliders are called
    return [point.iteration, list(point.score), penalties, list(point.gradient), point.learning_rate, point.seconds]


def previewed(entry: Watched) -> dict | None:
    """How long a preview is to be shown, at most, of how many iterations and how wide a picture.

    None where there is none to ask for.
    """
    run, until = entry.run, min(LONGEST_PREVIEW, int(entry.run.iterations * BLURRED))
    if entry.preview is None or run.iteration >= until or run.ended:
        return None
    return {"until": until, "iterations": round(until / BLURRED), "width": entry.recipe().spec.width}


def recorded(run: Run) -> dict | None:
    """Between which iterations, and how close together, the run's history holds pictures."""
    pictures = run.history.pictures
    iterations = list(pictures.values)
    return {"first": iterations[0], "last": iterations[-1], "spacing": pictures.spacing} if iterations else None


def diagnosed(diagnosis: Diagnosis | None) -> dict | None:
    if diagnosis is None:
        return None
    told = {name: getattr(diagnosis, name) for name in ("kind", "sentence", "picture", "remedy", "label")}
    return told | {"values": dict(diagnosis.values)}


def judged(judgement: Judgement | None) -> dict | None:
    return judgement and {name: getattr(judgement, name) for name in ("score", "rank", "of")}


class Pace:
    """Iterations per second of wall clock over the last second.

    Over the last two messages if they lie further apart.
    """

    def __init__(self) -> None:
        self.seen: deque[tuple[float, int]] = deque()

    def rate(self, iteration: int, points: Sequence[Point], now: float) -> float:
        self.seen.append((now, iteration))
        while len(self.seen) > 2 and self.seen[1][0] < now - 1:
            self.seen.popleft()
        before, first = self.seen[0]
        if now - before > 0.25:
            return (iteration - first) / (now - before)
        seconds = sum(point.seconds for point in points[-5:])  # at first only the computing time is known
        return min(len(points), 5) / seconds if seconds > 0 else 0.0


class Feed:
    """`last`: the newest iteration whose curve point the viewer already has."""

    def __init__(self, entry: Watched, last: int = 0) -> None:
        self.entry, self.run, self.last = entry, entry.run, last
        self.sent = bisect_right(self.run.history.points, last, key=lambda point: point.iteration)
        self.marks = 0
        self.frame: Frame | None = None
        self.state: tuple | None = None
        self.turn = 0
        self.pace = Pace()

    @property
    def urgent(self) -> bool:
        """Something changed that no viewer should wait for: status, error, diagnosis or judgement."""
        return self.state != (self.run.status, self.entry.diagnosis, self.entry.judgement)

    @property
    def due(self) -> bool:
        return self.urgent or self.frame is not self.run.newest or self.sent < len(self.run.history.points)

    def message(self, seq: int) -> tuple[bytes, bool]:
        """The newest picture, if it is new, and the next curve points; and whether there is a picture in it."""
        run = self.run
        self.entry.look()
        # The status first: what is read after "finished" is final. The marks last: none is missing for a point that is
        # sent.
        self.turn, self.state = seq, (run.status, self.entry.diagnosis, self.entry.judgement)
        status, diagnosis, judgement = self.state
        frame, points = run.newest, run.history.points[self.sent : self.sent + POINTS]
        self.sent += len(points)
        pictures = [jpeg(image) for image in frame.images] if frame is not None and frame is not self.frame else []
        self.frame = frame
        header = {
            "seq": seq,
            "run": run.key,
            "status": status,
            "error": run.error,
            "iteration": frame.iteration if frame is not None else run.iteration,
            "iterations": run.iterations,
            "points": [compact(point) for point in points],
            "marks": self.new_marks(),
            "diagnosis": diagnosed(diagnosis),
            "recorded": recorded(run),
            "rate": self.rate(status),
            "heldOut": judged(judgement),
        }
        return pack(header, pictures), bool(pictures)

    def new_marks(self) -> list:
        if self.entry.marked == self.marks:
            return []
        marks = self.entry.marks()
        new, self.marks = marks[self.marks :], len(marks)
        return [mark for mark in new if mark[0] > self.last]

    def rate(self, status: str) -> float:
        if status != "running":
            self.pace = Pace()
            return 0.0
        return round(self.pace.rate(self.run.iteration, self.run.history.points[-5:], time.monotonic()), 2)
