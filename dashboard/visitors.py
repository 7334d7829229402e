"""Who is watching: each visitor's runs, and what becomes of them when the visitor leaves. Knows neither Streamlit nor torch."""

import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager

KEPT = 3  # ended runs that a visitor can still look at, each with up to 112 MiB of history
GRACE = 30.0  # seconds to come back in
LOOKED_EVERY = 8  # iterations between two examinations of a run


class Watched:
    """One run as its visitor sees it.

    recipe         a callable: the run's recipe up to now, something with `to_json()` and `hyperparams_at(iteration)`
    captions       one per image
    column         the number of the column that it shows, on a board
    describe_mark  (hyperparams before, hyperparams after) -> the sentence shown where a slider changed
    examine        () -> why the picture fails, or None
    """

    def __init__(self, run, recipe: Callable, title: str = "", captions: Sequence[str] = (), describe_mark=None, examine=None):
        self.run, self.recipe, self.title, self.captions = run, recipe, title, tuple(captions)
        self.describe_mark, self.examine = describe_mark, examine
        self.column = 0
        self.finding, self.looked = None, 0

    def look(self) -> None:
        """Examines the run anew: often enough to be in time, seldom enough to cost nothing. Called before each message."""
        if self.examine is not None and (self.run.ended or self.run.iteration >= self.looked + LOOKED_EVERY):
            self.looked, self.finding = self.run.iteration, self.examine()

    @property
    def key(self) -> str:
        return self.run.key

    @property
    def diagnosis(self):
        """None, or something with kind, text, remedy and label; setting it tells those who watch."""
        return self.finding

    @diagnosis.setter
    def diagnosis(self, finding) -> None:
        self.finding = finding
        for listener in self.run.listeners:
            listener()

    def marks(self) -> list[tuple[int, str]]:
        """(iteration, sentence) of every change of the hyperparams obeyed so far."""
        marks = list(self.run.marks)
        if not marks or self.describe_mark is None:
            return [(iteration, "settings changed") for iteration, _ in marks]
        befores = [self.recipe().hyperparams_at(marks[0][0] - 1), *(after for _, after in marks)]
        return [(iteration, self.describe_mark(before, after)) for before, (iteration, after) in zip(befores, marks)]


class Visitor:
    """One open page: its runs by key, newest last. Found by its token, which nobody can guess."""

    def __init__(self, visitors: "Visitors"):
        self.token = secrets.token_urlsafe(24)
        self.visitors = visitors
        self.watched: dict[str, Watched] = {}
        self.pinned: frozenset[str] = frozenset()
        self.going: list[tuple] = []  # (run, its limit) of what the visitor's absence paused
        self.page, self.viewers = True, 0
        self.absence: object | None = None
        self.timer = None
        self.lock = threading.RLock()
        visitors.add(self)

    def show(self, run, recipe: Callable, title: str = "", captions: Sequence[str] = (), describe_mark=None, examine=None) -> Watched:
        """Adds a run, or describes a known one anew; the oldest ended runs are forgotten."""
        with self.lock:
            entry = Watched(run, recipe, title, captions, describe_mark, examine)
            if run.key in self.watched:
                entry.finding = self.watched[run.key].finding
            self.watched[run.key] = entry
            ended = [key for key, old in self.watched.items() if old.run.ended and key != run.key and key not in self.pinned]
            for key in ended[: max(0, len(ended) - KEPT)]:
                del self.watched[key]
            if self.absence is not None:  # started while the page was closing
                self.hold(run)
            return entry

    def get(self, key: str) -> Watched | None:
        return self.watched.get(key)

    def pin(self, keys: Sequence[str]) -> None:
        """These runs stay, ended or not, until others are pinned; those pinned before are forgotten."""
        with self.lock:
            for key in self.pinned.difference(keys):
                self.watched.pop(key, None)
            self.pinned = frozenset(keys)

    @property
    def active(self) -> list:
        return [entry.run for entry in list(self.watched.values()) if not entry.run.ended]

    @property
    def released(self) -> bool:
        return self.visitors.get(self.token) is not self

    def hold(self, run) -> None:
        if run.wanted and not run.cancelled:
            self.going.append((run, run.limit))
            run.pause()

    def leave(self) -> None:
        """The page is gone. With the last viewer gone too, what is going pauses, and ends unless the visitor is back in time."""
        with self.lock:
            self.page = False
            self.settle()

    def come_back(self) -> None:
        """The page is there (again): exactly what its absence paused goes on."""
        with self.lock:
            self.page = True
            self.settle()

    @contextmanager
    def viewing(self):
        """While a viewer is connected the visitor is there, whatever has become of the page's own connection."""
        with self.lock:
            self.viewers += 1
            self.settle()
        try:
            yield
        finally:
            with self.lock:
                self.viewers -= 1
                self.settle()

    def settle(self) -> None:
        there = self.page or self.viewers > 0
        if there and self.absence is not None:
            self.resume()
        elif not there and self.absence is None:
            self.suspend()

    def suspend(self) -> None:
        self.absence = absence = object()
        for run in self.active:
            self.hold(run)
        self.timer = self.visitors.timer(self.visitors.grace, lambda: self.expire(absence))
        self.timer.daemon = True
        self.timer.start()

    def resume(self) -> None:
        self.absence = None
        self.timer.cancel()
        self.visitors.add(self)  # after the grace the token is valid again, with nothing left to resume
        going, self.going = self.going, []
        for run, limit in going:
            run.limit = limit
            run.wake()

    def expire(self, absence: object) -> None:
        with self.lock:
            if self.absence is absence:  # else the visitor came back while the timer was already firing
                self.release()

    def release(self) -> None:
        """Cancels what is active; the token opens nothing any more."""
        with self.lock:
            self.visitors.remove(self)
            if self.timer is not None:
                self.timer.cancel()
            self.going = []
            for run in self.active:
                run.cancel()


class Visitors:
    """Every visitor by token: what the live route asks. `timer` makes something like a threading.Timer."""

    def __init__(self, grace: float = GRACE, timer: Callable = threading.Timer):
        self.grace, self.timer = grace, timer
        self.by_token: dict[str, Visitor] = {}

    def new(self) -> Visitor:
        return Visitor(self)

    def get(self, token: str) -> Visitor | None:
        return self.by_token.get(token)

    def add(self, visitor: Visitor) -> None:
        self.by_token[visitor.token] = visitor

    def remove(self, visitor: Visitor) -> None:
        self.by_token.pop(visitor.token, None)


VISITORS = Visitors()
