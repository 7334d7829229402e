"""The scheduler: one thread per device steps many runs in turn, some of them in step.

Knows frames, and neither torch nor any screen.
"""

import logging
import math
import secrets
import threading
from collections.abc import Callable, Generator, Sequence

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


Together = Callable[[Sequence[Generator], Sequence], list[Frame | Exception | None]]


def one_by_one(runs: Sequence[Generator], wishes: Sequence) -> list[Frame | Exception | None]:
    """The next frame of each run, or the problem that ended it; None: it has ended."""
    return [frame_of(frames, wish) for frames, wish in zip(runs, wishes, strict=True)]


def frame_of(frames: Generator, wish) -> Frame | Exception | None:
    try:
        return frames.send(wish)
    except StopIteration:
        return None
    except Exception as problem:
        return problem


class Team:
    """Runs that advance in step: iteration k everywhere before k + 1. A run by itself is a team of one."""

    def __init__(self, runs: Sequence[Run], together: Together):
        self.runs, self.together = list(runs), together

    def turn(self) -> list[Run]:
        """Those that are to advance next."""
        self.runs = [run for run in self.runs if not run.ended]
        furthest_back = min((run.iteration for run in self.runs), default=0)
        return [run for run in self.runs if run.wanted and (run.cancelled or run.iteration == furthest_back)]

    def advance(self) -> None:
        """One iteration of those whose turn it is, or the end."""
        turn = self.turn()
        for run in turn:
            if run.cancelled:
                run.end(CANCELLED)
        going = [run for run in turn if not run.ended]
        wishes = [run.hyperparams if run.newest is not None else None for run in going]
        if going:
            outcomes = self.together([run.frames for run in going], wishes)
            for run, outcome, wish in zip(going, outcomes, wishes, strict=True):
                run.take(outcome, wish)


class Scheduler:
    """Steps every wanted team in turn on a thread of its own; `close` ends the thread and cancels what is left."""

    def __init__(self, name: str = "scheduler"):
        self.teams: list[Team] = []
        self.changed = threading.Condition()
        self.closing = False
        self.thread = threading.Thread(target=self.work, name=name, daemon=True)
        self.thread.start()

    def submit(self, run: Run) -> Run:
        self.submit_team([run], one_by_one)
        return run

    def submit_team(self, runs: Sequence[Run], together: Together) -> None:
        """Runs that go in step; `together` advances several by one iteration."""
        for run in runs:
            run.wake = self.wake
        with self.changed:
            self.teams.append(Team(runs, together))
            self.changed.notify_all()

    @property
    def runs(self) -> list[Run]:
        """All that have not ended."""
        return [run for team in self.teams for run in team.runs if not run.ended]

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
                self.teams = [team for team in self.teams if any(not run.ended for run in team.runs)]
                for run in self.runs:
                    if run.status in (WAITING, RUNNING) and not run.wanted:
                        run.tell(PAUSED)
                turn = [team for team in self.teams if team.turn()]
                if not turn:
                    if not self.closing:  # looked at once more, under the lock: its notice may have come before
                        self.changed.wait()
                    continue
            for team in turn:
                team.advance()
        for run in self.runs:
            if not run.ended:
                run.end(CANCELLED)
