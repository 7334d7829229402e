"""Indexings: the indexes of images while they are made, for everybody who looks at them.

Each is one run of the scheduler, whoever asks and how many; it waits while nobody looks. Knows neither Streamlit nor
torch.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable

from actviz_core import ActvizError, Folder, Index, IndexFrame, Run

ABSENT = 5.0  # seconds without a look
AGAIN = 30.0  # seconds after which what failed is tried again
COUNTED = 10.0  # seconds for which a count of files is good
KEPT = 4  # indexes in memory
SAMPLES, FOLDER = "samples", "folder"  # what an index is of: sample photographs, or what the server's owner named


class Indexing:
    """One index, on its way or there.

    find    the index, if there is one
    make    a run that makes it, or adds the layers to it that it lacks
    start   hands a run to the scheduler
    layers  what it is to hold; one that somebody has made of fewer serves until it does
    """

    def __init__(
        self,
        find: Callable[[], Index | None],
        make: Callable[[], Run],
        start: Callable[[Run], object],
        layers: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.find, self.make, self.start, self.clock = find, make, start, clock
        self.layers = frozenset(layers)
        self.lock = threading.Lock()
        self.index: Index | None = None
        self.run: Run | None = None
        self.problem = ""
        self.failed = self.seen = -math.inf

    def look(self, start: bool = True) -> Index | None:
        """Somebody looks: what is not there is begun, or goes on. Only looks whether it is there without `start`."""
        with self.lock:
            lacking = self.index is None or start and not self.complete
            if lacking if self.run is None else self.run.ended:
                self.arrive()
            if start and not self.complete:
                self.seen = self.clock()
                self.go_on()
            return self.index

    def forget(self) -> None:
        """It is damaged: the next look opens it again, or has it made again."""
        with self.lock:
            self.index = None

    @property
    def complete(self) -> bool:
        """Whether it is there with all its layers."""
        return self.index is not None and self.layers <= set(self.index.layers)

    def arrive(self) -> None:
        """What an ended run has left."""
        if self.run is not None and not self.run.finished:
            self.problem, self.failed = self.run.error or "The index was not finished.", self.clock()
        self.run = None
        try:
            self.index = self.find() or self.index
        except ActvizError as problem:
            self.problem, self.failed = str(problem), self.clock()

    def go_on(self) -> None:
        if self.run is not None:
            self.run.resume()
        elif self.clock() - self.failed > AGAIN:
            self.problem = ""
            self.run = self.make()
            self.run.listeners = (self.rest,)
            self.start(self.run)

    def rest(self) -> None:
        """On the scheduler's thread, after each part: waits for somebody to look."""
        run = self.run
        if run is not None and not run.ended and self.clock() - self.seen > ABSENT:
            run.pause()

    @property
    def fraction(self) -> float:
        """How much of it is made."""
        return getattr(self.run.newest, "fraction", 0.0) if self.run is not None else 0.0

    @property
    def counted(self) -> tuple[int, int] | None:
        """How many images are done, and of how many; None where nobody knows yet."""
        newest = self.run.newest if self.run is not None else None
        return (newest.done, newest.of) if isinstance(newest, IndexFrame) else None


class Indexings:
    """By what they are of; beyond KEPT those asked for longest ago are forgotten, unless they are being made.

    folder  of images, that the server's owner named at the start; "": none
    """

    def __init__(self, kept: int = KEPT, clock: Callable[[], float] = time.monotonic) -> None:
        self.kept, self.clock, self.lock = kept, clock, threading.Lock()
        self.folder = ""
        self.counting, self.counted = threading.Lock(), ("", -math.inf, 0)  # which folder, when, how many files
        self.known: OrderedDict[Hashable, Indexing] = OrderedDict()

    def open(self, key: Hashable, make: Callable[[], Indexing]) -> Indexing:
        """The same one for everybody."""
        with self.lock:
            if key not in self.known:
                self.known[key] = make()
            self.known.move_to_end(key)
            idle = [old for old, each in self.known.items() if each.run is None and old != key]
            for old in idle[: max(0, len(self.known) - self.kept)]:
                del self.known[old]
            return self.known[key]

    def count_files(self) -> int:
        """How many files the folder has: of all who ask within a few seconds one walks through it."""
        with self.counting:
            folder, when, files = self.counted
            if folder != self.folder or self.clock() - when > COUNTED:
                files = sum(1 for _ in Folder(self.folder).names())
                self.counted = (self.folder, self.clock(), files)
            return files


INDEXINGS = Indexings()
