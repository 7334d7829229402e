"""Synthesizings: pictures of units while they are made, one for everybody who waits for the same.

Each is one run of the scheduler. It goes on while somebody looks, and is given up when nobody does. Knows neither
Streamlit nor torch.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np

from actviz_core import Frame, Run

ABSENT = 5.0  # seconds without a look
AGAIN = 30.0  # seconds after which what failed is tried again
BOUND = 8 * 2**20  # bytes of the pictures that are kept, some thousand of them
MOST_FAILED = 256  # that are remembered

MAKING, MADE, FAILED = "making", "made", "failed"


@dataclass(frozen=True)
class Synthesized:
    """A picture, or how far it is: a file (b"": none yet) with its kind, as the web names it."""

    status: str
    iteration: int = 0
    data: bytes = b""
    media: str = "image/jpeg"


class Synthesizing:
    """A picture on its way, and who looks at it.

    make    a run that makes it
    start   hands it to the scheduler
    encode  an image, uint8 [h, w, 3], -> JPEG
    """

    def __init__(
        self,
        make: Callable[[], Run],
        start: Callable[[Run], object],
        encode: Callable[[np.ndarray], bytes],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.encode, self.clock = encode, clock
        self.looks: dict[str, tuple[float, bool]] = {}  # by whom: when, and whether it is to go on
        self.encoded: tuple[Frame | None, bytes] = (None, b"")
        self.run = make()
        self.run.listeners = (self.settle,)
        self.start = start

    def begin(self, whom: str) -> None:
        self.looks[whom] = self.clock(), True
        self.start(self.run)

    def look(self, whom: str, going: bool) -> None:
        self.looks[whom] = self.clock(), going
        self.settle()

    def leave(self, whom: str) -> None:
        if self.looks.pop(whom, None):
            self.settle()

    def settle(self) -> None:
        """Goes on, waits or is given up, as those wish who look; without a lock, for the scheduler may hold its own."""
        run, now = self.run, self.clock()
        wishes = [going for when, going in list(self.looks.values()) if now - when <= ABSENT]
        if run.ended or run.cancelled:
            return
        if not wishes:
            run.cancel()
        elif not any(wishes) and run.limit:
            run.pause()
        elif any(wishes) and not run.limit:
            run.resume()

    @property
    def picture(self) -> bytes:
        """The newest one; each is encoded once, whoever asks."""
        frame = self.run.newest
        if frame is not None and frame is not self.encoded[0] and len(frame.images):
            self.encoded = frame, self.encode(frame.images[0])
        return self.encoded[1]


class Synthesizings:
    """By what makes a picture; beyond `bound` bytes those that nobody asked for longest are forgotten."""

    def __init__(self, bound: int = BOUND, clock: Callable[[], float] = time.monotonic) -> None:
        self.bound, self.clock = bound, clock
        self.lock = threading.Lock()
        self.making: dict[Hashable, Synthesizing] = {}
        self.made: OrderedDict[Hashable, Synthesized] = OrderedDict()
        self.failed: OrderedDict[Hashable, float] = OrderedDict()  # when

    def look(self, key: Hashable, whom: str, new: Callable[[], Synthesizing], going: bool = True) -> Synthesized:
        """Somebody looks, and at no other one any more; what is not there is begun or goes on, unless not `going`."""
        with self.lock:
            for other, each in self.making.items():
                each.look(whom, going) if other == key else each.leave(whom)
            self.tidy()
            if key in self.made:
                self.made.move_to_end(key)
                return self.made[key]
            if self.clock() - self.failed.get(key, -math.inf) < AGAIN:
                return Synthesized(FAILED)
            if key not in self.making and going:
                self.making[key] = new()
                self.making[key].begin(whom)
            making = self.making.get(key)
            return Synthesized(MAKING, making.run.iteration, making.picture) if making else Synthesized(MAKING)

    def there(self, key: Hashable) -> Synthesized | None:
        """What is made, for who waits for others meanwhile."""
        with self.lock:
            if key in self.made:
                self.made.move_to_end(key)
            return self.made.get(key)

    def knows(self, key: Hashable) -> bool:
        """Whether it is there, or on its way."""
        return key in self.made or key in self.making

    def keep(self, key: Hashable, found: Synthesized) -> None:
        """What is there already, and need not be made."""
        with self.lock:
            self.put(key, found)

    def put(self, key: Hashable, found: Synthesized) -> None:
        self.made[key] = found
        while len(self.made) > 1 and sum(len(each.data) for each in self.made.values()) > self.bound:
            self.made.popitem(last=False)

    def tidy(self) -> None:
        """What ended runs have left, and what nobody looks at any more."""
        for key, each in list(self.making.items()):
            each.settle()
            if not (each.run.cancelled or each.run.ended):
                continue
            del self.making[key]
            if each.run.finished and each.picture:
                self.put(key, Synthesized(MADE, each.run.iteration, each.picture))
            elif not each.run.cancelled:
                self.fail(key)

    def fail(self, key: Hashable) -> None:
        self.failed[key] = self.clock()
        while len(self.failed) > MOST_FAILED:
            self.failed.popitem(last=False)
