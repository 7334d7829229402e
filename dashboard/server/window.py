"""How many messages may be under way to a viewer that has not acknowledged them yet."""

import math

START, LARGEST = 2, 32
SLACK = 0.1  # seconds: a browser that just redraws its curves is no slow line


class Window:
    """Grows while the round trip stays flat, shrinks when it rises.

    Full rate over long lines, no queue before narrow ones.
    """

    def __init__(self) -> None:
        self.size = float(START)
        self.shortest = math.inf
        self.shrunk = -math.inf
        self.under_way: dict[int, tuple[float, bool, bool]] = {}

    @property
    def open(self) -> bool:
        return len(self.under_way) < int(self.size)

    def send(self, seq: int, now: float, timed: bool = True) -> None:
        """`timed`: this message is a usual one, with a picture; short ones say nothing about the line."""
        full = len(self.under_way) + 1 >= int(self.size)
        self.under_way[seq] = now, full, timed

    def ack(self, seq: int, now: float) -> None:
        if seq not in self.under_way:
            return
        sent, full, timed = self.under_way[seq]
        for earlier in [other for other in self.under_way if other <= seq]:
            del self.under_way[earlier]
        if timed:
            self.adapt(now - sent, sent, now, full)

    def adapt(self, trip: float, sent: float, now: float, full: bool) -> None:
        self.shortest = min(self.shortest, trip)
        if trip > 1.5 * self.shortest + SLACK:
            if sent >= self.shrunk:  # once per round trip: what was sent before the last shrinking says nothing new
                self.size, self.shrunk = max(1.0, self.size * 0.7), now
        elif full:
            self.size = min(float(LARGEST), self.size + 1 / self.size)
