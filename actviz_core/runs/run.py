"""A run: one optimization being executed, the handle that page and scheduler share."""

import logging
import math
import secrets
import threading
from collections.abc import Callable
from typing import Any, Protocol

from ..errors import ActvizError, without_traces
from ..frames import Frame
from .history import History
from .task import Models, Network

log = logging.getLogger(__name__)

WAITING, RUNNING, PAUSED, FINISHED, FAILED, CANCELLED = (
    "waiting",
    "running",
    "paused",
    "finished",
    "failed",
    "cancelled",
)
ENDED = (FINISHED, FAILED, CANCELLED)


class Work(Protocol):
    """What a run is: a frozen value that pickles, as a task is."""

    @property
    def network(self) -> Network: ...

    def begin(self, models: Models) -> Any:
        """Its frames, on the owner's thread."""
        ...


class Run:
    """One optimization being executed: the page writes wishes, the scheduler's thread everything else.

    The page's fields: `hyperparams` (None until a slider moves), `limit` (the iteration it may reach), `cancelled`.
    The scheduler's: `newest`, `history`, `status`, `problem` and its sentence `error`, `marks` ((iteration,
    hyperparams) of each change obeyed).
    """

    def __init__(self, frames: Any, iterations: float, history: History | None = None) -> None:
        """`frames`: a generator of them, or something else that a team can advance."""
        self.key = secrets.token_urlsafe(16)
        self.iterations = iterations
        self.hyperparams: Any = None
        self.limit = math.inf
        self.cancelled = False
        self.frames = frames
        self.work: Work | None = None
        self.ready = True  # whether its network is there
        self.iteration = 0
        self.newest: Frame | None = None
        self.history = history or History()
        self.status = WAITING
        self.problem: Exception | None = None
        self.error = ""
        self.marks: list[tuple[int, Any]] = []
        self.changed = threading.Condition()
        self.listeners: tuple[Callable[[], None], ...] = ()  # replaced, never changed: the scheduler may be reading it
        self.wake: Callable[[], None] = lambda: None

    @classmethod
    def of(cls, work: Work, iterations: float, history: History | None = None) -> "Run":
        """A run that its owner begins."""
        run = cls(None, iterations, history)
        run.work, run.ready = work, False
        return run

    def inherit(self, history: History, iteration: int) -> None:
        """Begins with what another run left behind up to an iteration; before this run is submitted."""
        self.history = history.until(iteration)
        self.iteration = iteration

    # what the page may wish

    def update(self, hyperparams: Any) -> None:
        """Obeyed from the next iteration on."""
        self.hyperparams = hyperparams
        self.wake()

    def pause(self) -> None:
        self.limit = 0
        self.wake()

    def resume(self) -> None:
        self.limit = math.inf
        self.wake()

    def step(self) -> None:
        """One iteration further, then paused."""
        self.limit = self.iteration + 1
        self.wake()

    def cancel(self) -> None:
        self.cancelled = True
        self.wake()

    def wait(self, reached: Callable[["Run"], bool], timeout: float | None = None) -> bool:
        """Blocks until the condition holds for this run; False when the time ran out first."""
        with self.changed:
            return self.changed.wait_for(lambda: reached(self), timeout)

    # what the scheduler does

    def arrive(self) -> None:
        """Its network is there."""
        self.ready = True
        self.wake()

    def begin(self, models: Models) -> None:
        if self.frames is None and self.work is not None:
            try:
                self.frames = self.work.begin(models)
            except Exception as problem:
                self.take(problem, None)
            except BaseException as problem:  # somebody's network may raise SystemExit
                self.take(RuntimeError(f"the network raised {type(problem).__name__}"), None)

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def finished(self) -> bool:
        return self.status == FINISHED

    @property
    def wanted(self) -> bool:
        return not self.ended and (self.cancelled or self.iteration < self.limit)

    def take(self, outcome: Frame | Exception | None, wish: Any) -> None:
        """What came of one iteration under a wish: a frame, a problem, or nothing any more."""
        if outcome is None:
            self.end(FINISHED)
        elif isinstance(outcome, Exception):
            if not isinstance(outcome, ActvizError):
                log.error("a run failed", exc_info=outcome)
            self.end(FAILED, outcome)
        else:
            self.note(outcome, wish)

    def note(self, frame: Frame, wish: Any) -> None:
        if wish is not None and self.newest is not None and (not self.marks or self.marks[-1][1] != wish):
            self.marks.append((frame.iteration, wish))
        self.history.add(frame)
        self.newest, self.iteration = frame, frame.iteration
        self.tell(RUNNING)
        if frame.iteration >= self.iterations:
            self.end(FINISHED)

    def end(self, status: str, problem: Exception | None = None) -> None:
        frames, self.frames, self.work = self.frames, None, None  # what is known of an ended run keeps no network
        if frames is not None:
            frames.close()
        if problem is not None:
            self.problem = without_traces(problem)
            self.error = str(problem) if isinstance(problem, ActvizError) else f"{type(problem).__name__}: {problem}"
        self.tell(status)

    def tell(self, status: str) -> None:
        with self.changed:
            self.status = status
            self.changed.notify_all()
        for listener in self.listeners:
            try:
                listener()
            except Exception:  # a viewer that is gone must not end everybody's runs
                log.exception("a listener failed")
