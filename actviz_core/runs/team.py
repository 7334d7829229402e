"""A team: runs that advance in step."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from ..frames import Frame
from .run import CANCELLED, Run
from .task import Models

# The frames of several runs, and what each is told -> the next frame of each, or the problem that ended it; None: it
# has ended.
Together = Callable[[Sequence[Any], Sequence[Any]], list[Frame | Exception | None]]
AT_ONCE = 8  # runs in one call: more gain little, and what each is about to show the network lies in memory meanwhile


def one_by_one(runs: Sequence[Any], wishes: Sequence[Any]) -> list[Frame | Exception | None]:
    return [frame_of(frames, wish) for frames, wish in zip(runs, wishes, strict=True)]


def frame_of(frames: Any, wish: Any) -> Frame | Exception | None:
    try:
        return frames.send(wish)
    except StopIteration:
        return None
    except Exception as problem:
        return problem


class Team:
    """Runs that advance in step: iteration k everywhere before k + 1. A run by itself is a team of one.

    A patient one lets all others go first, until somebody steers one of its runs. Teams whose `alike` is equal may
    advance by one call; None: by itself.
    """

    def __init__(
        self, runs: Sequence[Run], together: Together, patient: bool = False, alike: Hashable | None = None
    ) -> None:
        self.runs, self.together, self.patient, self.alike = list(runs), together, patient, alike

    @property
    def waits(self) -> bool:
        """Whether others go first; what has only to end does so at once."""
        return self.patient and not any(run.cancelled or run.hyperparams is not None for run in self.runs)

    def turn(self) -> list[Run]:
        """Those that are to advance next."""
        self.runs = [run for run in self.runs if not run.ended]
        furthest_back = min((run.iteration for run in self.runs), default=0)
        return [
            run for run in self.runs if run.wanted and (run.cancelled or (run.ready and run.iteration == furthest_back))
        ]

    def begun(self, models: Models) -> list[Run]:
        """Those whose turn it is, begun; who is cancelled ends."""
        turn = self.turn()
        for run in turn:
            if run.cancelled:
                run.end(CANCELLED)
            else:
                run.begin(models)
        return [run for run in turn if not run.ended]


def companies(teams: Iterable[Team]) -> list[list[Team]]:
    """Teams that are alike, as many at a time as are worth it; any other by itself."""
    found: list[list[Team]] = []
    open_ones: dict[Hashable, list[Team]] = {}
    for team in teams:
        company = open_ones.get(team.alike) if team.alike is not None else None
        if company is None or sum(len(each.runs) for each in (*company, team)) > AT_ONCE:
            found.append(company := [])
            open_ones[team.alike] = company
        company.append(team)
    return found


def advance(company: Sequence[Team], models: Models) -> None:
    """One iteration of those whose turn it is in teams that are alike, or the end."""
    going = [run for team in company for run in team.begun(models)]
    wishes = [run.hyperparams if run.newest is not None else None for run in going]
    if going:
        outcomes = outcomes_of(company[0].together, [run.frames for run in going], wishes)
        for run, outcome, wish in zip(going, outcomes, wishes, strict=True):
            run.take(outcome, wish)


def outcomes_of(together: Together, frames: Sequence[Any], wishes: Sequence[Any]) -> Sequence[Frame | Exception | None]:
    try:
        return together(frames, wishes)
    except BaseException as problem:  # somebody's network may raise SystemExit, and the owner must not end by it
        return [RuntimeError(f"the network raised {type(problem).__name__}")] * len(frames)
