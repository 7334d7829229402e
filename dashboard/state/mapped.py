"""A map as its visitor sees it: the run that makes it, and what it is a map of."""

from dataclasses import dataclass

from actviz_core import Method, Objective, Run
from dashboard.state.explaining import View


@dataclass(frozen=True)
class Asked:
    """What a map is asked for: of which view, of which objective, by which method."""

    view: View
    objective: Objective
    method: Method


@dataclass(frozen=True, eq=False)
class Mapped:
    """A run that makes a map.

    title  what is explained, for people
    """

    run: Run
    asked: Asked
    title: str

    @property
    def key(self) -> str:
        return self.run.key
