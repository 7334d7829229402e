"""Absence: which visitors are away, since when, and whom nobody waits for any longer."""

import math
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

KEPT_FOR = 20 * 60.0  # seconds to come back in
SUCCEEDED_FOR = 30.0  # the same where somebody goes on at another page: a reload takes over what it had before that
MOST_ABSENT, LARGEST_ABSENCE = 200, 2**30  # visitors, and bytes of their pictures and snapshots


class Absent(Protocol):
    token: str
    succeeded: bool

    @property
    def bytes(self) -> int: ...


V = TypeVar("V", bound=Absent)


class Absence(Generic[V]):
    """Those who are away are kept for a while, within a bound of number and memory: the longest away goes first."""

    def __init__(self, kept_for: float, clock: Callable[[], float]) -> None:
        self.kept_for, self.clock = kept_for, clock
        self.most, self.largest = MOST_ABSENT, LARGEST_ABSENCE
        self.since: dict[str, tuple[V, float]] = {}  # by token, the longest away first

    def begin(self, visitor: V) -> None:
        self.since[visitor.token] = visitor, self.clock()

    def end(self, visitor: V) -> None:
        self.since.pop(visitor.token, None)

    def time_left(self, visitor: V, since: float) -> float:
        kept_for = min(self.kept_for, SUCCEEDED_FOR) if visitor.succeeded else self.kept_for
        return since + kept_for - self.clock()

    @property
    def next(self) -> float:
        """Seconds until the time of one of them is over."""
        return max(0.0, min((self.time_left(*each) for each in self.since.values()), default=math.inf))

    def over(self) -> list[V]:
        """Who has been away too long; and of too many, or with too much, the longest away."""
        left, space, gone = len(self.since), sum(visitor.bytes for visitor, _ in self.since.values()), []
        for visitor, since in self.since.values():
            if self.time_left(visitor, since) <= 0 or left > self.most or space > self.largest:
                gone.append(visitor)
                space -= visitor.bytes
            left -= 1
        return gone
