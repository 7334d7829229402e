"""The welcome: a first picture that a newcomer need not ask for. Knows neither Streamlit nor torch."""

import threading
from collections.abc import Callable
from typing import Any


class Welcome:
    """One visitor's: offered by the page, begun when the browser asks for it, and once only.

    key  of its run, "" before
    """

    switched_on = False  # of the server: app.py says

    def __init__(self) -> None:
        self.key = ""
        self.begins: Callable[[], dict] | None = None
        self.shown = False
        self.lock = threading.Lock()

    def offer(self, begins: Callable[[], dict]) -> bool:
        """Whether it is to be had: it begins the run, and says what its viewer is told, among that its key."""
        with self.lock:
            self.begins = begins if self.switched_on and not self.key else None
            return self.begins is not None

    @property
    def offered(self) -> bool:
        """Whether it may begin at any moment."""
        return self.begins is not None

    def withdraw(self) -> None:
        """Something else is shown, or is about to be."""
        with self.lock:
            self.begins = None

    def close(self, find: Callable[[str], Any]) -> None:
        """None begins any more, for something else is shown; one that has begun in this very moment ends.

        find  the entry of a run by its key, or None
        """
        self.withdraw()
        if entry := find(self.take()):
            entry.run.cancel()

    def begin(self) -> dict | None:
        """What the viewer is told of the run, which goes on from here; None where none is offered any more."""
        with self.lock:
            begins, self.begins = self.begins, None
            told = begins() if begins else None
            self.key = told["key"] if told else self.key
            return told

    def take(self) -> str:
        """The key of the run that has begun: told once, to the page that is to show it."""
        with self.lock:
            new, self.shown = self.key if not self.shown else "", bool(self.key)
            return new
