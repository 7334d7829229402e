"""What a visitor has done of the lessons: one frozen value of the page state, so that it outlives pages and reloads."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from actviz_core import Recipe
from dashboard.state.left import Left

END = "."  # in the place of a step: the page after the last one

Place = tuple[str, str]
"""A lesson's name, and the id of a step or END."""


@dataclass(frozen=True)
class Tried:
    """What was done at a step.

    runs      the keys of its runs, in the lesson's order
    recipes   what they are set to by now; those that are no longer kept begin again from that
    left      of runs that are no longer kept: what each has left
    choices   the answers given, in their order: the first one is the prediction
    estimate  the number that was expected
    hints     how many were asked for
    starts    how often the runs were begun: once with the step, and for each change that needs another run
    picked    how often a channel was chosen in the layer's gallery
    opened    when the step was first looked at, and `answered` when the last answer came, in seconds (time.monotonic)
    met       whether all its checks have been met
    """

    runs: tuple[str, ...] = ()
    recipes: tuple[Recipe, ...] = ()
    left: tuple[Left, ...] = ()
    choices: tuple[int, ...] = ()
    estimate: float | None = None
    hints: int = 0
    starts: int = 0
    picked: int = 0
    opened: float = 0.0
    answered: float = 0.0
    met: bool = False

    @property
    def predicted(self) -> bool:
        """Whether there is an answer, right or not."""
        return bool(self.choices) or self.estimate is not None


@dataclass(frozen=True)
class Learning:
    """
    lesson  the one that is open; "": the list of all
    quiz    whether the quiz is open in place of the list
    lang    the language in which lessons are read, where they have it
    places  the step of each lesson that was looked at last
    steps   what was done, by place; the one looked at last at the end

    running_steps  how many keep their runs, those looked at last; the runs of others begin again when one returns
    """

    running_steps: ClassVar[int] = 6

    lesson: str = ""
    quiz: bool = False
    lang: str = "en"
    places: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[Place, Tried] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """What is shown: a step of a lesson; the step is "" where the lesson was not begun before."""
        return self.lesson, self.places.get(self.lesson, "")

    @property
    def tried(self) -> Tried:
        """What was done at the step that is shown."""
        return self.at(self.place)

    def at(self, place: Place) -> Tried:
        return self.steps.get(place, Tried())

    def opened(self, lesson: str, step: str = "") -> "Learning":
        """That lesson is open, at that step or where one left it."""
        at = step or self.places.get(lesson, "")
        return replace(self, lesson=lesson, quiz=False, places={**self.places, lesson: at} if at else self.places)

    def closed(self) -> "Learning":
        """The list of lessons is shown."""
        return replace(self, lesson="", quiz=False)

    def in_quiz(self) -> "Learning":
        """The quiz is shown."""
        return replace(self, lesson="", quiz=True)

    def with_tried(self, place: Place, tried: Tried) -> "Learning":
        others = {key: value for key, value in self.steps.items() if key != place}
        return replace(self, steps={**others, place: tried})

    @property
    def runs(self) -> tuple[str, ...]:
        """The keys of the runs that are shown."""
        return self.tried.runs if self.lesson else ()

    @property
    def kept_runs(self) -> tuple[str, ...]:
        """The keys of all runs that one can return to."""
        with_runs = [tried.runs for tried in self.steps.values() if tried.runs]
        return tuple(key for runs in with_runs[-self.running_steps :] for key in runs)

    @property
    def networks(self) -> tuple[tuple[str, str], ...]:
        """Names and weights of the networks that are shown."""
        return tuple((recipe.spec.model, recipe.spec.weights) for recipe in self.tried.recipes)

    def joined(self, fresh: "Learning") -> "Learning":
        """With what was done by somebody who turns out to be the same visitor, where this one had done nothing."""
        at = self.in_quiz() if fresh.quiz else self.opened(*fresh.place) if fresh.lesson else self
        new = {place: tried for place, tried in fresh.steps.items() if place not in self.steps}  # looked at last
        return replace(at, steps={**self.steps, **new}, places={**fresh.places, **at.places})
