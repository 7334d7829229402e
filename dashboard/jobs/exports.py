"""Files that take a while: made one after the other, kept for who asks again, given up when nobody wants them any more.

Knows neither Streamlit nor Starlette. Whoever wants a file says so for as long as he waits (`wanted`); what nobody
waits for is taken out of the queue, or ends at the next picture.
"""

import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

AT_A_TIME = 1  # with more of them the optimization gets less, and nobody his file sooner
KEPT = 64 * 2**20  # bytes of files that somebody may ask for again


class GivenUp(Exception):
    """Nobody waits for the file any more."""


@dataclass(frozen=True)
class Order:
    """A file to be made.

    name     whose and which file it is
    version  what it shows of that: another version is another file
    make     check -> bytes; calls `check` often, and ends with what that raises
    """

    name: Hashable
    version: Hashable
    make: Callable[[Callable[[], None]], bytes]


class Export:
    """A file in the making, and how many wait for it."""

    def __init__(self, order: Order) -> None:
        self.order, self.file = order, Future()
        self.waiting = 1

    def check(self) -> None:
        if not self.waiting:
            raise GivenUp


class Exports:
    """The queue of all exports, in the order of asking."""

    def __init__(self, at_a_time: int = AT_A_TIME, kept: int = KEPT) -> None:
        self.pool = ThreadPoolExecutor(at_a_time, "export")
        self.kept, self.lock = kept, threading.Lock()
        self.under_way: list[Export] = []
        self.files: dict[Hashable, tuple[Hashable, bytes]] = {}  # the newest version by name, the latest made last

    @contextmanager
    def wanted(self, order: Order) -> Iterator[Future]:
        """The file to come, wanted until the block ends. The same order twice is one export."""
        export = self.join(order)
        try:
            yield export.file
        finally:
            self.leave(export)

    def place(self, name: Hashable) -> int:
        """1: being made, or the next; 0: not under way."""
        with self.lock:
            return next((place for place, export in enumerate(self.under_way, 1) if export.order.name == name), 0)

    @property
    def names(self) -> list[Hashable]:
        """Of what is under way."""
        with self.lock:
            return [export.order.name for export in self.under_way]

    def join(self, order: Order) -> Export:
        with self.lock:
            export = next(
                (
                    other
                    for other in self.under_way
                    if (other.order.name, other.order.version) == (order.name, order.version)
                ),
                None,
            )
            if export is not None:
                export.waiting += 1
            else:
                export = Export(order)
                version, data = self.files.get(order.name, (None, b""))
                if data and version == order.version:
                    export.file.set_result(data)
                else:
                    self.under_way.append(export)
                    self.pool.submit(self.work, export)
            return export

    def leave(self, export: Export) -> None:
        with self.lock:
            export.waiting -= 1
            if not export.waiting:
                self.end(export)

    def end(self, export: Export) -> None:
        if export in self.under_way:
            self.under_way.remove(export)

    def work(self, export: Export) -> None:
        try:
            export.check()
            data = export.order.make(export.check)
        except GivenUp:
            return
        except BaseException as problem:
            with self.lock:
                self.end(export)
            export.file.set_exception(problem)
            return
        with self.lock:
            self.end(export)
            self.keep(export.order, data)
        export.file.set_result(data)

    def keep(self, order: Order, data: bytes) -> None:
        self.files.pop(order.name, None)
        self.files[order.name] = (order.version, data)
        while sum(len(data) for _, data in self.files.values()) > self.kept:
            self.files.pop(next(iter(self.files)))


EXPORTS = Exports()
