"""A filling: a layer's pictures as they come into being, for everybody who looks at them.

Each batch is a run of the scheduler: first all pictures coarsely, then all finely, those on screen first. Somebody has
to look every few seconds: each look lets the work go on, and without one the run is paused. Knows neither Streamlit nor
torch.
"""

import math
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from actviz_core import ActvizError, Frame, Gallery, GalleryFrame, Run, Tile
from dashboard.jobs.pace import Pace
from dashboard.jobs.shelf import Entry, Shelf

ABSENT = 3.0  # seconds without a look
FORGOTTEN = 60.0  # seconds after which one who looks again comes anew
KEPT = 6  # fillings


class Filling:
    """Two shelves, coarse and fine, being filled.

    render  (gallery, channels) -> the work of a run whose frames bring the tiles
    start   hands a run to the scheduler
    batch   how many pictures of a gallery are made together
    """

    def __init__(
        self,
        shelves: Sequence[Shelf],
        render: Callable[[Gallery, tuple[int, ...]], Any],
        start: Callable[[Run], Run],
        batch: Callable[[Gallery], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = secrets.token_urlsafe(12)
        self.coarse, self.fine = self.shelves = tuple(shelves)
        self.render, self.start, self.batch, self.clock = render, start, batch, clock
        self.lock = threading.RLock()
        # In the order of their making.
        self.log = [(shelf, channel) for shelf in self.shelves for channel in shelf.entries]
        self.paces = {shelf.name: Pace() for shelf in self.shelves}
        self.run: Run | None = None  # of the batch that is being made, or was made last
        self.heard: Frame | None = None  # of that run
        self.problem = ""  # in keeping its tiles
        self.on_screen: tuple[int, ...] = ()
        self.looks: dict[str, float] = {}  # when each visitor looked last
        self.seen = self.ticked = clock()
        self.part = 0.0  # of the batch that is being made, in pictures of its shelf
        self.spent = 0.0  # seconds, on that batch
        self.making: Shelf = self.coarse

    @property
    def channels(self) -> range:
        return range(self.fine.gallery.channels)

    def missing(self, shelf: Shelf) -> list[int]:
        """A picture that is there finely is not wanted coarsely any more."""
        return [
            channel for channel in self.channels if channel not in shelf.entries and channel not in self.fine.entries
        ]

    def best(self, channel: int) -> tuple[Shelf, Entry] | None:
        return next(
            ((shelf, shelf.entries[channel]) for shelf in (self.fine, self.coarse) if channel in shelf.entries), None
        )

    # what those who look do

    def look(self, who: str, on_screen: Sequence[int] = ()) -> None:
        """A visitor sees these channels: the work begins, or goes on.

        One who comes anew tries again what has failed before others.
        """
        with self.lock:
            self.seen, self.on_screen = self.clock(), tuple(on_screen)
            self.looks = {other: at for other, at in self.looks.items() if self.seen - at <= FORGOTTEN}
            if self.trouble and who not in self.looks:
                self.forgive()
            self.looks[who] = self.seen
            if self.run is not None and not self.run.ended:
                if self.run.limit == 0:
                    self.ticked = self.clock()
                    self.run.resume()
            elif not self.trouble:
                self.begin_batch()

    def calm(self, who: str) -> None:
        """A visitor has paused: the work goes on for others only. Trouble is forgotten, the next look tries again."""
        with self.lock:
            self.looks.pop(who, None)
            if self.trouble:
                self.forgive()

    def forgive(self) -> None:
        """What went wrong is tried again with the next look."""
        self.run, self.problem = None, ""

    def stop(self) -> None:
        """Gives up what is under way; nothing is begun before somebody looks again."""
        with self.lock:
            self.looks = {}
            if self.run is not None:
                self.run.cancel()

    @property
    def watched(self) -> bool:
        now = self.clock()
        return any(now - at <= ABSENT for at in list(self.looks.values()))

    @property
    def trouble(self) -> str:
        return self.problem or (self.run.error if self.run is not None else "")

    @property
    def status(self) -> str:
        if self.trouble:
            return "failed"
        if not any(map(self.missing, self.shelves)):
            return "complete"
        return "working" if self.watched else "paused"

    def png(self, name: str, channel: int) -> bytes | None:
        """The file of a picture on the shelf of that name. One that the store has thrown out is missing again."""
        shelf = next((shelf for shelf in self.shelves if shelf.name == name), None)
        data = shelf.png(channel) if shelf else None
        if shelf and data is None:
            with self.lock:
                shelf.forget(channel)
        return data

    # the work

    def begin_batch(self) -> None:
        if batch := self.next_batch():
            shelf, channels = batch
            self.ticked, self.part, self.spent = self.clock(), 0.0, 0.0
            self.run, self.heard = Run.of(self.render(shelf.gallery, channels), math.inf), None
            self.run.listeners = (partial(self.hear, self.run, shelf, len(channels)),)
            self.start(self.run)

    def hear(self, run: Run, shelf: Shelf, pictures: int) -> None:
        """Of the batch's run, on the scheduler's thread: a frame, or its end."""
        if run is not self.run:
            return
        frame, before = run.newest, self.heard
        if isinstance(frame, GalleryFrame) and frame is not before:
            try:
                for tile in frame.tiles:
                    self.keep(shelf, tile)
            except ActvizError as problem:
                self.problem = str(problem)
                run.cancel()
            if before is None or frame.iteration > before.iteration:
                self.tick(run, shelf, pictures)
            self.heard = frame
        if run.finished:
            self.end_batch(shelf, pictures)

    def end_batch(self, shelf: Shelf, pictures: int) -> None:
        with self.lock:
            self.pass_time()
            self.paces[shelf.name].add(self.spent, pictures)
            self.part, self.spent = 0.0, 0.0
            if self.watched:
                self.begin_batch()

    def next_batch(self) -> tuple[Shelf, tuple[int, ...]] | None:
        """What is missing coarsely, then what is missing finely; first what is on screen."""
        with self.lock:
            for shelf in self.shelves:
                missing = dict.fromkeys(self.missing(shelf))
                if missing:
                    first = dict.fromkeys(channel for channel in self.on_screen if channel in missing)
                    self.making = shelf
                    return shelf, tuple(first | missing)[: self.batch(shelf.gallery)]
        return None

    def keep(self, shelf: Shelf, tile: Tile) -> None:
        shelf.keep(tile)
        with self.lock:
            self.log.append((shelf, tile.channel))
            self.part = max(0.0, self.part - 1)  # it is counted among those that are there now

    def tick(self, run: Run, shelf: Shelf, pictures: int) -> None:
        """After each iteration of a batch: how far, how long, and whether anybody still looks."""
        with self.lock:
            self.pass_time()
            self.part = min(pictures, self.part + pictures / shelf.gallery.spec.iterations)
            if not self.watched:
                run.pause()

    def pass_time(self) -> None:
        now = self.clock()
        self.spent, self.ticked = self.spent + now - self.ticked, now

    # what is told

    def state(self, since: int = 0) -> dict:
        """What has changed since a version, and how far all of it is; plain data."""
        with self.lock:
            version = len(self.log)
            news = dict.fromkeys(channel for _, channel in self.log[since if since <= version else 0 :])
            tiles = [self.told(channel, *found) for channel in news if (found := self.best(channel))]
            fine = len(self.fine.entries)
            coarse = len(self.channels) - len(self.missing(self.coarse))
            return dict(
                version=version,
                tiles=tiles,
                count=len(self.channels),
                coarse=coarse,
                fine=fine,
                progress=self.progress(),
                left=self.left(),
                status=self.status,
                error=self.trouble,
            )

    def told(self, channel: int, shelf: Shelf, entry: Entry) -> list:
        return [channel, shelf.name, entry.score, entry.flag, entry.reason]

    def progress(self) -> float:
        """From 0 to 1: how far the previews are, then, beginning anew, the finished pictures."""
        missing = next(filter(None, map(self.missing, self.shelves)), [])
        return min(1.0, 1 - (len(missing) - self.part) / len(self.channels))

    def left(self) -> float | None:
        """Seconds until all is there.

        None while nobody can tell: the pace of small pictures says little of that of large ones.
        """
        missing = {shelf: len(self.missing(shelf)) for shelf in self.shelves if self.missing(shelf)}
        paces = {shelf: self.paces[shelf.name].each for shelf in missing}
        known = {shelf: pace for shelf, pace in paces.items() if pace is not None}
        if len(known) < len(missing):
            return None
        return max(
            0.0, sum(count * known[shelf] for shelf, count in missing.items()) - self.part * known.get(self.making, 0.0)
        )

    def likeness(self, channel: int | None) -> list[tuple[int, float]]:
        """Every channel that has a picture, with the cosine between it and the given one's, the most similar first."""
        there = {
            other: found[1].features for other in self.channels if (found := self.best(other)) and not found[1].flag
        }
        if channel is None or channel not in there:
            return []
        cosines = (np.stack(list(there.values())) * there[channel]).sum(1)
        return sorted(zip(there, map(float, cosines), strict=True), key=lambda pair: -pair[1])

    def order(self, by: str, reference: int | None) -> list[int]:
        """The channels by "index", "score" or "likeness" to one of them; those without a value come last."""
        match by:
            case "score":
                values = {
                    channel: found[1].score
                    for channel in self.channels
                    if (found := self.best(channel)) and not found[1].flag
                }
            case "likeness":
                values = dict(self.likeness(reference))
            case _:
                values = {}
        return sorted(self.channels, key=lambda channel: (-values.get(channel, -math.inf), channel))


class Fillings:
    """Every filling that somebody has opened; beyond KEPT the one that was looked at longest ago ends."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept, self.lock = kept, threading.Lock()
        self.by_key: dict[str, Filling] = {}

    def open(self, key: str, make: Callable[[], Filling]) -> Filling:
        """The filling of that gallery, the same one for everybody."""
        with self.lock:
            if key not in self.by_key:
                while len(self.by_key) >= self.kept:
                    oldest = min(self.by_key, key=lambda key: self.by_key[key].seen)
                    self.by_key.pop(oldest).stop()
                self.by_key[key] = make()
            return self.by_key[key]

    def get(self, name: str) -> Filling | None:
        return next((filling for filling in list(self.by_key.values()) if filling.name == name), None)

    def rest(self) -> None:
        """Those that nobody looks at give up what they have of a batch, and let go of what `render` needs."""
        for filling in list(self.by_key.values()):
            if not filling.watched:
                filling.stop()


FILLINGS = Fillings()
