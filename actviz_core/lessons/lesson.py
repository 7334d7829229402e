"""A lesson as values: what its file says, with every run as a recipe."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..attribution.method import Method
from ..errors import ActvizError, near
from ..objectives import Objective
from ..optimization.recipe import Recipe
from .checks import Check
from .places import Places

Panel = Literal["patches", "gallery", "gradient", "formula", "numbers", "gained"]
"""What may stand beside the picture."""


@dataclass(frozen=True)
class Choice:
    """One answer to a question, in Markdown, and what is said to whoever gives it."""

    text: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Estimate:
    """An answer by a slider from low to high; right within so much of what `of`, a name of checks, is at the end."""

    of: str
    low: float
    high: float
    within: float


@dataclass(frozen=True)
class Question:
    """What is asked: answered by one of the choices, or by an estimate."""

    text: str
    choices: tuple[Choice, ...] = ()
    estimate: Estimate | None = None


@dataclass(frozen=True)
class StepRun:
    """A run that begins with the step; the title tells it from those beside it."""

    title: str
    recipe: Recipe


@dataclass(frozen=True)
class StepImage:
    """A sample photograph that is explained: its maps by some methods. Without an objective: of the likeliest class."""

    sample: str
    objective: Objective | None
    methods: tuple[Method, ...]
    model: str
    weights: str = ""


@dataclass(frozen=True)
class StepGained:
    """Two sample photographs, and the class, by name or index, for which channels may say more in the second."""

    before: str
    after: str
    label: int | str


@dataclass(frozen=True)
class After:
    """When a hint is offered: after so many seconds, or so many tries, whichever comes first."""

    seconds: int = 60
    tries: int = 1


@dataclass(frozen=True)
class Solution:
    """What meets every check of a step, begun from its start.

    settings    numbers of the hyperparams by their addresses
    changes     what else is chosen: channel, layer, class, seed, preset, method; and tries, how often runs are begun
    answer      the index of a choice, from 0
    mask        rectangles (top, left, height, width) of the image that are covered, as shares of its sides
    iterations  at most so many are needed; 0: all of the runs
    """

    settings: Mapping[str, Any]
    changes: Mapping[str, Any]
    answer: int | None = None
    estimate: float | None = None
    mask: tuple[tuple[float, float, float, float], ...] = ()
    iterations: int = 0


@dataclass(frozen=True)
class Step:
    """One idea of a lesson: a text of at most 60 words, a question, at most two controls, one thing to look for.

    id        the same in all languages
    runs      begin with the step; several in step, side by side
    gained    what the panel of that name compares
    show      the controls: addresses of hyperparams such as "total_variation.weight", or words of CONTROLS
    anew      whether a number that is moved begins the runs anew, so that one value has one score
    ranges    where the sliders of numbers end, by address, if not where the numbers themselves do
    steers    the indices of the runs that controls act on
    predict   whether the question is asked before the picture is shown
    checks    all of them are to be met at the same time
    only      "" or where the step is shown: "class", "home"
    minutes   0 where the file does not say
    lang      that of the texts: another one than the lesson's where the step is not translated
    line      of the heading in the file
    places    the lines of its fields
    """

    id: str
    title: str
    text: str
    look_for: str
    runs: tuple[StepRun, ...]
    image: StepImage | None
    gained: StepGained | None
    panels: tuple[Panel, ...]
    show: tuple[str, ...]
    anew: bool
    ranges: Mapping[str, tuple[float, float]]
    steers: tuple[int, ...]
    predict: bool
    question: Question | None
    checks: tuple[Check, ...]
    hints: tuple[str, ...]
    after: After
    only: str
    minutes: float
    teacher: str
    solution: Solution | None
    lang: str
    line: int
    places: Places


@dataclass(frozen=True)
class Lesson:
    """What a file teaches, and in which language.

    name      of the file, without language and ending
    minutes   that it takes
    level     1 to 3
    needs     the networks of its runs
    about     a sentence or two, for the list
    pictures  the files of images that its texts name
    file      where it was read from
    """

    name: str
    title: str
    lang: str
    minutes: int
    level: int
    needs: tuple[str, ...]
    version: int
    about: str
    steps: tuple[Step, ...]
    pictures: Mapping[str, bytes]
    file: str

    def step(self, id: str) -> Step:
        """The step of that id. Raises ActvizError with near ones."""
        known = {step.id: step for step in self.steps}
        if id not in known:
            raise ActvizError(f"the lesson {self.name} has no step {id!r}{near(id, known)}.")
        return known[id]
