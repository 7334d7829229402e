"""Turns: how many page scripts run at a time.

Thirty threads that all want the interpreter leave the server's loop a thirtieth of it.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 1
PATIENCE = 5.0  # seconds; who has waited so long goes ahead, so that nobody can hold everybody up


class Turns:
    """A script runs in its turn, first come, first served, and gives the turn up while it waits for something else."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self.free, self.patience = at_once, patience
        self.mine = threading.local()
        self.wanted, self.lock = 0, threading.Lock()
        self.waiting: deque[threading.Event] = deque()
        self.behind: deque[threading.Event] = deque()  # who have let others go first

    @contextmanager
    def turn(self) -> Iterator[None]:
        self.want(1)
        self.take(self.waiting)
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
                self.take(self.waiting)

    def let_others_first(self) -> None:
        """Whoever waits for the beginning of a page has it before this thread goes on."""
        if self.waiting and getattr(self.mine, "turn", False):
            self.give()
            self.take(self.behind)

    def take(self, line: deque[threading.Event]) -> None:
        with self.lock:
            if self.free:
                self.free -= 1
                self.mine.turn = True
                return
            called = threading.Event()
            line.append(called)
        called.wait(self.patience)
        with self.lock:
            self.mine.turn = called.is_set()
            if not self.mine.turn:
                line.remove(called)

    def give(self) -> None:
        if not getattr(self.mine, "turn", False):
            return
        self.mine.turn = False
        with self.lock:
            line = self.waiting or self.behind
            if line:
                line.popleft().set()
            else:
                self.free += 1


TURNS = Turns()
