"""What a run leaves behind: every curve point, and as many pictures and snapshots as fit a bound of memory."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from ..frames import Frame, Snapshot

T = TypeVar("T")

PICTURE_BYTES = 48 * 2**20
SNAPSHOT_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Point:
    """One iteration on the curves: plain numbers, kept for every iteration."""

    iteration: int
    score: tuple[float, ...]
    penalties: tuple[tuple[str, float], ...]
    gradient: tuple[float, ...]
    learning_rate: float
    seconds: float

    @classmethod
    def of(cls, frame: Frame) -> "Point":
        penalties = tuple(frame.penalties.items())
        return cls(frame.iteration, frame.score, penalties, frame.gradient, frame.learning_rate, frame.seconds)


class Thinned(Generic[T]):
    """Values by iteration, at an even spacing that doubles whenever they outgrow a bound of bytes."""

    def __init__(self, bound: int, size: Callable[[T], int]) -> None:
        self.bound, self.size, self.spacing, self.bytes = bound, size, 1, 0
        self.values: dict[int, T] = {}

    def add(self, iteration: int, value: T) -> None:
        if iteration % self.spacing:
            return
        self.values[iteration] = value
        self.bytes += self.size(value)
        while self.bytes > self.bound and len(self.values) > 1:
            self.thin()

    def thin(self) -> None:
        self.spacing *= 2
        kept = {iteration: value for iteration, value in self.values.items() if iteration % self.spacing == 0}
        # A new dictionary, put in place at once: readers in other threads see the old one or the new one.
        self.values, self.bytes = kept, sum(map(self.size, kept.values()))

    def until(self, iteration: int) -> "Thinned[T]":
        """A copy without what is later."""
        copy = Thinned(self.bound, self.size)
        values = dict(self.values)  # at once: the thread that steps the run adds to it meanwhile
        copy.spacing, copy.values = self.spacing, {k: value for k, value in values.items() if k <= iteration}
        copy.bytes = sum(map(self.size, copy.values.values()))
        return copy

    def at_or_before(self, iteration: int) -> tuple[int, T] | None:
        """The newest (iteration, value) not after the given one, or None."""
        values = self.values  # `thin` may put another dictionary in its place meanwhile
        earlier = [k for k in list(values) if k <= iteration]
        return (max(earlier), values[max(earlier)]) if earlier else None


class History:
    """Written by the thread that steps the run, read by any."""

    def __init__(self, picture_bytes: int = PICTURE_BYTES, snapshot_bytes: int = SNAPSHOT_BYTES) -> None:
        self.points: list[Point] = []
        self.pictures: Thinned[np.ndarray] = Thinned(picture_bytes, lambda images: images.nbytes)
        self.snapshots: Thinned[Snapshot] = Thinned(snapshot_bytes, lambda snapshot: snapshot.nbytes)

    def add(self, frame: Frame) -> None:
        self.points.append(Point.of(frame))
        self.pictures.add(frame.iteration, frame.images)
        if frame.snapshot is not None:
            self.snapshots.add(frame.iteration, frame.snapshot)

    def snapshot_before(self, iteration: int) -> Snapshot | None:
        found = self.snapshots.at_or_before(iteration)
        return found[1] if found else None

    def forget(self) -> None:
        """Gives up pictures and snapshots: whoever could go back to them is gone."""
        for thinned in (self.pictures, self.snapshots):
            thinned.values, thinned.bytes = {}, 0

    def until(self, iteration: int) -> "History":
        """A copy without what is later; pictures and snapshots themselves are shared, being frozen."""
        copy = History()
        copy.points = [point for point in self.points if point.iteration <= iteration]
        copy.pictures, copy.snapshots = self.pictures.until(iteration), self.snapshots.until(iteration)
        return copy
