"""The scheduler: the one owner of a device. On its thread it steps many runs in turn, and carries out tasks in between.

Knows frames, and neither torch nor any screen.
"""

import atexit
import math
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar
from weakref import WeakSet

from ..errors import ActvizError
from .fair_queue import FairQueue
from .loader import Loader, Waiting
from .run import CANCELLED, PAUSED, RUNNING, WAITING, Run
from .task import Models, Result, Task, Tell
from .team import Team, Together, advance, companies, one_by_one

LONGEST_WAIT = 1.0  # seconds that runs get after a long task, before the next one
PATIENCE = 4.0  # times as long as a patient run's iteration took, others come before the next one

LAST_WAIT = 10.0  # seconds that a program's end waits for what is being computed

T = TypeVar("T")


class NoModels:
    """For runs that bring their own."""

    def __call__(self, name: str, weights: str) -> None:
        pass

    def has(self, name: str, weights: str) -> bool:
        return True

    def fetch(self, name: str, weights: str, tell: Tell) -> None:
        pass


class Scheduler:
    """Steps every wanted team in turn, and in between does tasks.

    Tasks that wait are done one after the other for as long as the last iteration of all who run has taken, at least
    one; then all who run get an iteration, and as long as these tasks have taken. Patient runs, however many, take
    turns among themselves: one iteration of one of them, and while there is anything else to do, at most a fifth of the
    time. What a task or a run needs of the disk is brought before, by the loader. `close` ends the thread and cancels
    what is left.
    """

    def __init__(
        self, models: Models | None = None, name: str = "scheduler", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.models = models or NoModels()
        self.loader = Loader(self.models)
        self.teams: list[Team] = []
        self.tasks: FairQueue[Result[Any]] = FairQueue()
        self.clock, self.next_task = clock, -math.inf  # when the next one may begin
        self.next_patient = -math.inf  # when a patient run may go on although others want the device
        self.turn = 0.0  # seconds that the last iteration of all who run took
        self.changed = threading.Condition()
        self.closing = False
        self.thread = threading.Thread(target=self.work, name=name, daemon=True)
        self.thread.start()
        OPEN.add(self)

    def submit(self, task: Task[T], whom: str = "") -> Result[T]:
        """Has it done. Tasks for different people take turns."""
        result = Result(task)

        def arrived() -> None:
            with self.changed:
                if not self.closing:
                    self.tasks.put(whom, result)
                    self.changed.notify_all()
                    return
            result.fail(closed())

        self.loader.bring(task.network, Waiting(result.tell, arrived))
        return result

    def start(self, run: Run, patient: bool = False) -> Run:
        self.start_team([run], one_by_one, patient)
        return run

    def start_team(
        self, runs: Sequence[Run], together: Together, patient: bool = False, alike: Hashable | None = None
    ) -> None:
        """Runs that go in step; `together` advances several by one iteration: those of other teams that are alike
        too."""
        for run in runs:
            run.wake = self.wake
        networks = {run: run.work.network for run in runs if run.work is not None}
        with self.changed:
            self.teams.append(Team(runs, together, patient, alike))
            self.changed.notify_all()
        for run, network in networks.items():
            self.loader.bring(network, Waiting(untold, run.arrive))

    @property
    def runs(self) -> list[Run]:
        """All that have not ended."""
        return [run for team in self.teams for run in team.runs if not run.ended]

    @property
    def patient_runs(self) -> list[Run]:
        """Those of them that are patient, and neither paused nor stopped."""
        return [run for team in list(self.teams) if team.waits for run in team.runs if run.wanted]

    def wake(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def close(self) -> None:
        self.give_up()
        self.thread.join()

    def give_up(self) -> None:
        """Has the thread end after what it does now."""
        self.closing = True
        self.wake()

    def work(self) -> None:
        while not self.closing:
            with self.changed:
                self.teams = [team for team in self.teams if any(not run.ended for run in team.runs)]
                for run in self.runs:
                    if run.status in (WAITING, RUNNING) and not run.wanted:
                        run.tell(PAUSED)
                ready = [team for team in self.teams if team.turn()]
                turn = [team for team in ready if not team.waits]
                task = self.tasks.take() if not turn or self.clock() >= self.next_task else None
                alone = not turn and task is None
                patient = self.first_patient(ready) if alone or self.clock() >= self.next_patient else None
                if alone and patient is None:
                    if not self.closing:  # looked at once more, under the lock: its notice may have come before
                        self.changed.wait()
                    continue
            if task is not None:
                self.carry_out(task)
            began = self.clock()
            for company in companies(turn):
                advance(company, self.models)
            self.turn = self.clock() - began
            if patient is not None:
                self.advance_patient(patient)
        self.end()

    def first_patient(self, ready: Sequence[Team]) -> Team | None:
        return next((team for team in ready if team.waits), None)

    def advance_patient(self, team: Team) -> None:
        """One iteration, and to the end of the line."""
        began = self.clock()
        advance([team], self.models)
        now = self.clock()
        self.next_patient = now + PATIENCE * (now - began)
        with self.changed:
            self.teams.remove(team)
            self.teams.append(team)

    def carry_out(self, task: Result[Any] | None) -> None:
        """This task, and as many more as take no longer together than the runs' last turn."""
        began = now = self.clock()
        while task is not None:
            task.carry_out(self.models)
            now = self.clock()
            task = self.next_in_line() if now - began < min(self.turn, LONGEST_WAIT) else None
        self.next_task = now + min(now - began, LONGEST_WAIT)

    def next_in_line(self) -> Result[Any] | None:
        with self.changed:
            return None if self.closing else self.tasks.take()

    def end(self) -> None:
        for run in self.runs:
            if not run.ended:
                run.end(CANCELLED)
        with self.changed:  # whoever submits one meanwhile sees that it is too late
            left = list(self.tasks)
        for result in left:
            result.fail(closed())


OPEN: WeakSet[Scheduler] = WeakSet()


@atexit.register
def end_all() -> None:
    """Before the interpreter goes all threads are through with what they compute.

    It ends those that are left wherever they are, and one that is torn out of a library's C++ takes the whole process
    with it (SIGABRT, "terminate called without an active exception").
    """
    left, deadline = list(OPEN), time.monotonic() + LAST_WAIT
    for scheduler in left:
        scheduler.give_up()
    for thread in (thread for scheduler in left for thread in (scheduler.thread, *scheduler.loader.threads)):
        thread.join(max(0.0, deadline - time.monotonic()))


def closed() -> ActvizError:
    return ActvizError("the server is closing.")


def untold(fraction: float) -> None:
    """A run says nothing of a download."""
