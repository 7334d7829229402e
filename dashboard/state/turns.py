"""Turns: how many page scripts run at a time.

Thirty threads that all want the interpreter leave the server's loop a thirtieth of it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 1
PATIENCE = 5.0  # seconds; who has waited so long goes ahead, so that nobody can hold everybody up


class Turns:
    """A script runs in its turn, first come, first served, and gives the turn up while it waits for something else."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self.free, self.patience = threading.Semaphore(at_once), patience
        self.mine = threading.local()
        self.wanted, self.lock = 0, threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        self.want(1)
        self.take()
        try:
            yield
        finally:
            self.give()
            self.want(-1)

    def want(self, more: int) -> None:
        with self.lock:
            self.wanted += more

    @property
    def idle(self) -> bool:
        """Whether no script runs or waits for its turn."""
        return self.wanted == 0

    @contextmanager
    def given_up(self) -> Iterator[None]:
        """While this thread waits for a download, say, others may run; without a turn nothing changes."""
        had = getattr(self.mine, "turn", False)
        self.give()
        try:
            yield
        finally:
            if had:
                self.take()

    def take(self) -> None:
        self.mine.turn = self.free.acquire(timeout=self.patience)

    def give(self) -> None:
        if getattr(self.mine, "turn", False):
            self.mine.turn = False
            self.free.release()


TURNS = Turns()
