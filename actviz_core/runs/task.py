"""Tasks: what the owner of a device does once, and the handle that waits for what comes of it.

A task is a frozen value that pickles: it names its network, and the owner has networks by name. So a network never
leaves its owner, and that may one day be another process.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, cast

from ..errors import ActvizError, without_traces

log = logging.getLogger(__name__)

Network = tuple[str, str]  # its name, and that of its weights
Tell = Callable[[float], None]  # hears the fraction of a download
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Models(Protocol):
    """Networks by name and weights, of whom only the owner has any."""

    def __call__(self, name: str, weights: str) -> Any:
        """The network, on the owner's thread. Raises what went wrong while it was fetched."""
        ...

    def has(self, name: str, weights: str) -> bool:
        """Whether a call needs nothing but the device."""
        ...

    def fetch(self, name: str, weights: str, tell: Tell) -> None:
        """All that needs no device, on any thread. Raises nothing: the call does."""
        ...


class Task(Protocol[T_co]):
    """A frozen value that pickles: which network it is about, and what is to be done with it."""

    @property
    def network(self) -> Network: ...

    def carry_out(self, models: Models) -> T_co:
        """On the owner's thread."""
        ...


class Result(Generic[T]):
    """What comes of a task; `fraction` says how much of its network has been downloaded."""

    def __init__(self, task: Task[T]) -> None:
        self.task = task
        self.fraction = 0.0
        self.value: T | None = None
        self.problem: BaseException | None = None
        self.done = False
        self.changed = threading.Condition()
        self.listeners: tuple[Callable[[Result[T]], None], ...] = ()

    def wait(self, timeout: float | None = None) -> bool:
        """Blocks until it is done; False when the time ran out first."""
        with self.changed:
            return self.changed.wait_for(lambda: self.done, timeout)

    def get(self) -> T:
        """What came of it, as soon as it is done; raises its problem."""
        self.wait()
        if self.problem is not None:
            raise self.problem
        return cast(T, self.value)

    def then(self, listener: Callable[["Result[T]"], None]) -> None:
        """Has it called when it is done: by the owner's thread, or at once."""
        with self.changed:
            if not self.done:
                self.listeners += (listener,)
                return
        listener(self)

    # what the owner does

    def tell(self, fraction: float) -> None:
        self.fraction = fraction

    def carry_out(self, models: Models) -> None:
        try:
            self.end(self.task.carry_out(models))
        except BaseException as problem:  # somebody's network may raise SystemExit, and the owner must not end by it
            if not isinstance(problem, ActvizError):
                log.error("a task failed", exc_info=problem)
            self.fail(problem)

    def fail(self, problem: BaseException) -> None:
        self.problem = without_traces(problem)
        self.end(None)

    def end(self, value: T | None) -> None:
        with self.changed:
            self.value, self.done = value, True
            self.changed.notify_all()
            listeners, self.listeners = self.listeners, ()
        for listener in listeners:
            try:
                listener(self)
            except Exception:  # who is gone must not end everybody's runs
                log.exception("a listener failed")
