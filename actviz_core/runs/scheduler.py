"""The scheduler: one thread per device steps many runs in turn, some of them in step.

Knows frames, and neither torch nor any screen.
"""

import threading
from collections.abc import Sequence

from .run import CANCELLED, PAUSED, RUNNING, WAITING, Run
from .team import Team, Together, one_by_one


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
