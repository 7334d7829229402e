"""A turn: how long a run that can stop anywhere goes on before it lets others have theirs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST = 1.0  # seconds, however long the others took


class Turn:
    """As long as the last turn of all others together, so that beside many it has half of the device, as tasks have."""

    def __init__(self) -> None:
        self.began, self.others = time.monotonic(), 0.0

    @property
    def left(self) -> float:
        """Seconds; not above 0: it is over."""
        return self.others - (time.monotonic() - self.began)

    @contextmanager
    def given_up(self) -> Iterator[None]:
        """Meanwhile the others have theirs."""
        left = time.monotonic()
        yield
        self.began = time.monotonic()
        self.others = min(self.began - left, LONGEST)
