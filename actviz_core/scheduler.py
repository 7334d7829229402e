"""The scheduler: one thread per device steps many runs in turn. Knows frames, and neither torch nor any screen."""

import logging
import math
import secrets
import threading
from collections.abc import Callable, Generator

from .errors import ActvizError
from .frames import Frame
from .history import History

log = logging.getLogger(__name__)

WAITING, RUNNING, PAUSED, FINISHED, FAILED, CANCELLED = "waiting", "running", "paused", "finished", "failed", "cancelled"
ENDED = (FINISHED, FAILED, CANCELLED)


class Run:
    """One optimization being executed: the page writes wishes, the scheduler's thread everything else.

    The page's fields: `hyperparams` (None until a slider moves), `limit` (the iteration it may reach), `cancelled`.
    The scheduler's: `newest`, `history`, `status`, `error`, `marks` ((iteration, hyperparams) of each change obeyed).
    """

    def __init__(self, frames: Generator, iterations: int):
        self.key = secrets.token_urlsafe(16)
        self.iterations = iterations
        self.hyperparams = None
        self.limit = math.inf
        self.cancelled = False
        self.frames = frames
        self.iteration = 0
        self.newest: Frame | None = None
        self.history = History()
        self.status = WAITING
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

    def advance(self) -> None:
        """One iteration, or the end."""
        if self.cancelled:
            return self.end(CANCELLED)
        wish = self.hyperparams
        try:
            frame = self.frames.send(wish if self.newest is not None else None)
        except StopIteration:
            return self.end(FINISHED)
        except ActvizError as problem:
            return self.end(FAILED, str(problem))
        except Exception as problem:
            log.exception("a run failed")
            return self.end(FAILED, f"{type(problem).__name__}: {problem}")
        self.note(frame, wish)

    def note(self, frame: Frame, wish) -> None:
        if wish is not None and self.newest is not None and (not self.marks or self.marks[-1][1] != wish):
            self.marks.append((frame.iteration, wish))
        self.history.add(frame)
        self.newest, self.iteration = frame, frame.iteration
        self.tell(RUNNING)
        if frame.iteration >= self.iterations:
            self.end(FINISHED)

    def end(self, status: str, error: str = "") -> None:
        self.frames.close()
        self.error = error
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


class Scheduler:
    """Steps every wanted run in turn on a thread of its own; `close` ends the thread and cancels what is left."""

    def __init__(self, name: str = "scheduler"):
        self.runs: list[Run] = []
        self.changed = threading.Condition()
        self.closing = False
        self.thread = threading.Thread(target=self.work, name=name, daemon=True)
        self.thread.start()

    def submit(self, run: Run) -> Run:
        run.wake = self.wake
        with self.changed:
            self.runs.append(run)
            self.changed.notify_all()
        return run

    def wake(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def close(self) -> None:
        self.closing = True
        self.wake()
        self.thread.join()

    def work(self) -> None:
        while not self.closing:
            with self.changed:
                self.runs = [run for run in self.runs if not run.ended]
                for run in self.runs:
                    if run.status in (WAITING, RUNNING) and not run.wanted:
                        run.tell(PAUSED)
                turn = [run for run in self.runs if run.wanted]
                if not turn:
                    if not self.closing:  # looked at once more, under the lock: its notice may have come before
                        self.changed.wait()
                    continue
            for run in turn:
                if run.wanted:
                    run.advance()
        for run in self.runs:
            if not run.ended:
                run.end(CANCELLED)
