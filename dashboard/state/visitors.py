"""Who is watching: each visitor's runs, and what becomes of them when the visitor leaves.

Knows neither Streamlit nor torch.
"""

import math
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from actviz_core import Run, quiz
from dashboard.state.absence import KEPT_FOR, Absence
from dashboard.state.mapped import Mapped
from dashboard.state.watched import Describe, Examine, Watched
from dashboard.state.welcome import Welcome

KEPT = 3  # ended runs that a visitor can still look at, each with up to 112 MiB of history


class Visitor:
    """One open page: its runs by key, newest last. Found by its token, which nobody can guess.

    state  what the pages are set to; theirs, kept here so that it comes back with the visitor
    """

    def __init__(self, visitors: "Visitors") -> None:
        self.token = secrets.token_urlsafe(24)
        self.visitors = visitors
        self.state: Any = None
        self.page = ""
        self.watched: dict[str, Watched] = {}
        self.mapped: dict[str, Mapped] = {}
        self.aside: dict[str, Run] = {}  # what else Explain has computed of its image, by name
        self.drawing = -math.inf  # until when maps wait for the answers to masks
        self.offered: Any = None  # a picture that the page's next event makes the image of Explain and Layers
        self.sitting: quiz.Sitting | None = None  # its quiz; a member's is the class's
        self.pinned: frozenset[str] = frozenset()
        self.on_screen: frozenset[str] | None = None  # None: all runs
        self.held: dict[str, float] = {}  # the limits of the runs that wait because nobody sees them
        self.awaited, self.pages, self.viewers = True, 0, 0  # the page that it is made for is on its way
        self.halted = False  # the teacher has paused everybody's runs
        self.succeeded = False  # its person goes on at another page
        self.welcome = Welcome()
        self.lock = threading.RLock()
        visitors.add(self)

    def show(
        self,
        run: Run,
        recipe: Callable[[], Any],
        title: str = "",
        captions: Sequence[str] = (),
        describe_mark: Describe | None = None,
        examine: Examine | None = None,
    ) -> Watched:
        """Adds a run, or describes a known one anew; the oldest ended runs are forgotten."""
        with self.lock:
            entry = Watched(run, recipe, title, captions, describe_mark, examine)
            if run.key in self.watched:
                entry.finding = self.watched[run.key].finding
            self.watched[run.key] = entry
            ended = [
                key for key, old in self.watched.items() if old.run.ended and key != run.key and key not in self.pinned
            ]
            for key in ended[: max(0, len(ended) - self.visitors.kept)]:
                del self.watched[key]
            if self.on_screen is not None:  # until the page says otherwise
                self.on_screen |= {run.key}
        self.settle()  # it may have been started while the page was closing
        return entry

    def get(self, key: str) -> Watched | None:
        return self.watched.get(key)

    def explain(self, entries: Sequence[Mapped]) -> None:
        """These maps are shown, in this order; what else was computed ends."""
        with self.lock:
            before, self.mapped = self.mapped, {entry.key: entry for entry in entries}
            for key in before.keys() - self.mapped.keys():
                before[key].run.cancel()
                self.held.pop(key, None)
            if self.on_screen is not None:  # until the page says otherwise
                self.on_screen |= self.mapped.keys()
        self.settle()

    def set_aside(self, name: str, run: Run | None) -> None:
        """This run, in place of the one of that name before."""
        with self.lock:
            before = self.aside.pop(name, None)
            if before is not None:
                before.cancel()
                self.held.pop(before.key, None)
            if run is not None:
                self.aside[name] = run
                if self.on_screen is not None:  # until the page says otherwise
                    self.on_screen |= {run.key}
        self.settle()

    @property
    def on_explain(self) -> tuple[str, ...]:
        """The runs that the Explain page shows."""
        return (*self.mapped, *(run.key for run in list(self.aside.values())))

    def draw(self, seconds: float) -> None:
        """For so long the Explain page's runs wait: what is asked while somebody draws comes first."""
        self.drawing = self.visitors.clock() + seconds
        self.settle()

    @property
    def draws(self) -> bool:
        """Whether somebody draws, so that these runs wait."""
        return self.visitors.clock() < self.drawing

    def halt(self, halted: bool) -> None:
        """All its runs wait, seen or not, or go on as before."""
        self.halted = halted
        self.settle()

    def wish(self, run: Run, wish: str) -> None:
        """Pauses or resumes it, say; while the teacher has paused all runs that holds from afterwards on."""
        with self.lock:
            if self.halted:
                self.held.pop(run.key, None)
            getattr(run, wish)()
        if self.halted:
            self.settle()

    def pin(self, keys: Sequence[str]) -> None:
        """These runs stay, ended or not, until others are pinned; those pinned before are forgotten."""
        with self.lock:
            for key in self.pinned.difference(keys):
                self.watched.pop(key, None)
            self.pinned = frozenset(keys)

    def take_over(self, other: "Visitor") -> None:
        """All runs of another one, who is released: it was the same person all the time."""
        with other.lock, self.lock:
            self.watched |= other.watched
            self.mapped |= other.mapped
            self.aside |= other.aside
            self.held |= other.held
            other.watched, other.mapped, other.aside = {}, {}, {}
            self.sitting = self.sitting or other.sitting
        other.release()

    @property
    def runs(self) -> list[Run]:
        entries = [*list(self.watched.values()), *list(self.mapped.values())]
        return [*(entry.run for entry in entries), *list(self.aside.values())]

    @property
    def active(self) -> list[Run]:
        return [run for run in self.runs if not run.ended]

    @property
    def bytes(self) -> int:
        """What its runs have recorded, and its image."""
        histories = [entry.run.history for entry in list(self.watched.values())]
        recorded = sum(history.pictures.bytes + history.snapshots.bytes for history in histories)
        return recorded + (self.state.bytes if self.state else 0)

    @property
    def there(self) -> bool:
        return self.awaited or self.pages > 0 or self.viewers > 0

    @property
    def released(self) -> bool:
        return self.visitors.get(self.token) is not self

    def see(self, keys: Sequence[str]) -> set[str]:
        """The page shows these runs. Others wait until it shows them again: those that have begun to."""
        with self.lock:
            before, self.on_screen = set(self.held), frozenset(keys)
        self.settle()
        return set(self.held) - before

    def leave(self) -> None:
        """A page is gone.

        With the last viewer gone too, what is going pauses, and ends unless the visitor is back in time.
        """
        self.settle(pages=-1)

    def come_back(self) -> None:
        """The page is there (again): exactly what its absence paused goes on."""
        self.settle(pages=1)

    @contextmanager
    def viewing(self) -> Iterator[None]:
        """While a viewer is connected the visitor is there, whatever has become of the page's own connection."""
        self.settle(viewers=1)
        try:
            yield
        finally:
            self.settle(viewers=-1)

    def settle(self, pages: int = 0, viewers: int = 0) -> None:
        """What somebody sees goes on, the rest waits."""
        with self.lock:
            was_there = self.there
            self.awaited = self.awaited and not pages
            self.pages, self.viewers = max(0, self.pages + pages), self.viewers + viewers
            waiting = self.on_explain if self.draws else ()
            for run in self.active:
                shown = self.there and (self.on_screen is None or run.key in self.on_screen)
                seen = shown and run.key not in waiting and not self.halted
                if seen and run.key in self.held:
                    run.limit = self.held.pop(run.key)
                    run.wake()
                elif not seen and run.wanted and not run.cancelled:
                    self.held[run.key] = run.limit
                    run.pause()
            is_there = self.there
        if is_there != was_there:  # outside of the lock: others may be released by it
            self.visitors.note(self, is_there)

    def release(self) -> None:
        """Cancels what is active; the token opens nothing any more.

        A page that sleeps may hold on to this visitor for long: of what its runs have recorded the newest pictures
        stay.
        """
        with self.lock:
            self.visitors.remove(self)
            self.held = {}
            for run in self.runs:
                run.history.forget()
                if not run.ended:
                    run.cancel()


class Visitors:
    """Every visitor by token: what the live route asks. `timer` makes something like a threading.Timer."""

    def __init__(
        self, kept_for: float = KEPT_FOR, timer: Callable = threading.Timer, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.kept, self.timer, self.clock = KEPT, timer, clock
        self.by_token: dict[str, Visitor] = {}
        self.absence: Absence[Visitor] = Absence(kept_for, clock)
        self.tidying: Any = None
        self.looks_again = math.inf  # when that is
        self.lock = threading.Lock()

    def new(self) -> Visitor:
        return Visitor(self)

    def get(self, token: str) -> Visitor | None:
        return self.by_token.get(token)

    def add(self, visitor: Visitor) -> None:
        self.by_token[visitor.token] = visitor

    def remove(self, visitor: Visitor) -> None:
        with self.lock:
            self.by_token.pop(visitor.token, None)
            self.absence.end(visitor)

    def note(self, visitor: Visitor, there: bool) -> None:
        """A visitor has come back or left."""
        with self.lock:
            self.absence.end(visitor)
            if there:
                self.add(visitor)  # after its time the token is valid again, with nothing left to resume
            elif not visitor.released:
                self.absence.begin(visitor)
        self.tidy()

    def tidy(self) -> None:
        """Releases those who have been away too long, or are too many; looks again when the next one's time is over."""
        with self.lock:
            gone = self.absence.over()
        for visitor in gone:
            if not visitor.there:
                visitor.release()
        with self.lock:
            wait = self.absence.next
            if self.clock() + wait < self.looks_again:
                if self.tidying is not None:
                    self.tidying.cancel()
                self.looks_again = self.clock() + wait
                self.tidying = self.timer(wait, self.time_is_over)
                self.tidying.daemon = True
                self.tidying.start()

    def time_is_over(self) -> None:
        with self.lock:
            self.tidying, self.looks_again = None, math.inf
        self.tidy()


VISITORS = Visitors()
