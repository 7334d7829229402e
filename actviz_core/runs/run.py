"""A run: one optimization being executed, the handle that page and scheduler share."""

import logging
import math
import secrets
import threading
from collections.abc import Callable, Generator

from ..errors import ActvizError
from ..frames import Frame
from .history import History

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


class Run:
    """One optimization being executed: the page writes wishes, the scheduler's thread everything else.

    The page's fields: `hyperparams` (None until a slider moves), `limit` (the iteration it may reach), `cancelled`.
    The scheduler's: `newest`, `history`, `status`, `problem` and its sentence `error`, `marks` ((iteration,
    hyperparams) of each change obeyed).
    """

    def __init__(self, frames: Generator, iterations: int, history: History | None = None):
        self.key = secrets.token_urlsafe(16)
        self.iterations = iterations
        self.hyperparams = None
        self.limit = math.inf
        self.cancelled = False
        self.frames = frames
        self.iteration = 0
        self.newest: Frame | None = None
        self.history = history or History()
        self.status = WAITING
        self.problem: Exception | None = None
        self.error = ""
        self.marks: list[tuple[int, object]] = []
        self.changed = threading.Condition()
        self.listeners: tuple[Callable[[], None], ...] = ()  # replaced, never changed: the scheduler may be reading it
        self.wake: Callable[[], None] = lambda: None

    def inherit(self, history: History, iteration: int) -> None:
        """Begins with what another run left behind up to an iteration; before this run is submitted."""
        self.history = history.until(iteration)
        self.iteration = iteration

    # what the page may wish

    def update(self, hyperparams) -> None:
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

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def wanted(self) -> bool:
        return not self.ended and (self.cancelled or self.iteration < self.limit)

    def take(self, outcome: Frame | Exception | None, wish) -> None:
        """What came of one iteration under a wish: a frame, a problem, or nothing any more."""
        if outcome is None:
            self.end(FINISHED)
        elif isinstance(outcome, Exception):
            if not isinstance(outcome, ActvizError):
                log.error("a run failed", exc_info=outcome)
            self.end(FAILED, outcome)
        else:
            self.note(outcome, wish)

    def note(self, frame: Frame, wish) -> None:
        if wish is not None and self.newest is not None and (not self.marks or self.marks[-1][1] != wish):
            self.marks.append((frame.iteration, wish))
        self.history.add(frame)
        self.newest, self.iteration = frame, frame.iteration
        self.tell(RUNNING)
        if frame.iteration >= self.iterations:
            self.end(FINISHED)

    def end(self, status: str, problem: Exception | None = None) -> None:
        self.frames.close()
        if problem is not None:
            problem.__cause__ = problem.__context__ = None  # their tracebacks would keep what the iteration computed
            self.problem = problem.with_traceback(None)
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
