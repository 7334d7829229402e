"""Work: all that a check may look at, from a learner's own runs, answers and image."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..objectives import ClassLogit, Objective
from ..optimization.hyperparams import Hyperparams
from ..optimization.presets import preset_of
from ..optimization.recipe import Recipe


@dataclass(frozen=True)
class RunWork:
    """Where a run stands: its recipe with all changes, and what its newest frame tells; None before there is one.

    gained  its channel's share of the rise between the photographs of the step; None where that is not known
    """

    recipe: Recipe
    iteration: int = 0
    score: float | None = None
    noise: float | None = None
    title: str = ""
    gained: float | None = None


@dataclass(frozen=True)
class ImageWork:
    """What became of the step's image.

    masked       the share of its pixels that is covered, 0 to 1
    probability  of the step's class, or of the one that the whole image is of, with that covered
    says         the class that the network names then
    methods      the kinds of the maps that are shown
    """

    masked: float = 0.0
    probability: float | None = None
    says: str = ""
    methods: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """What a learner has done in a step so far.

    moved     the addresses and words of all controls that are or were elsewhere than at the step's start
    tries     how many runs were started, the first one with the step
    answered  the index of the choice that was taken last
    right     whether the last answer, a choice or an estimate, was right
    labels    the names of the network's classes
    """

    runs: tuple[RunWork, ...] = ()
    moved: frozenset[str] = frozenset()
    tries: int = 1
    answered: int | None = None
    estimate: float | None = None
    right: bool = False
    image: ImageWork = field(default_factory=ImageWork)
    labels: tuple[str, ...] = ()

    def number(self, name: str, run: int) -> float | None:
        """What a check's number is now, of the run of that index; None where that is not known yet."""
        if name == "tries":
            return self.tries
        if name in OF_IMAGES:
            return OF_IMAGES[name](self.image)
        if run >= len(self.runs):
            return None
        if name in OF_RUNS:
            return OF_RUNS[name](self.runs[run])
        value = self.runs[run].recipe.final.value(name)
        return value if isinstance(value, (int, float)) else None

    def names(self, name: str, run: int) -> tuple[str, ...]:
        """All that a check's word is now: a class has a name and an index, and there may be maps of several methods."""
        if name == "moved":
            return tuple(sorted(self.moved))
        if name in WORDS_OF_IMAGES:
            return tuple(filter(None, WORDS_OF_IMAGES[name](self.image)))
        if run >= len(self.runs):
            return ()
        recipe = self.runs[run].recipe
        return class_names(recipe, self.labels) if name == "class" else tuple(filter(None, WORDS_OF_RUNS[name](recipe)))


def channel(run: RunWork) -> float | None:
    """The channel that a run is about most."""
    return run.recipe.spec.objectives[0].main_channel


def class_names(recipe: Recipe, labels: tuple[str, ...]) -> tuple[str, ...]:
    """What the run's class is called: its name, and its index."""
    objective: Objective = recipe.spec.objectives[0]
    if not isinstance(objective, ClassLogit):
        return ()
    if isinstance(objective.label, str):
        index = [str(at) for at, label in enumerate(labels) if label.casefold() == objective.label.casefold()]
        return (objective.label, *index)
    known = labels[objective.label : objective.label + 1]
    return (*known, str(objective.label))


def preset_names(recipe: Recipe) -> tuple[str, ...]:
    """The preset that the settings are."""
    found = preset_of(recipe)
    return (found.name,) if found else ()


OF_RUNS: Mapping[str, Callable[[RunWork], float | None]] = {
    "score": lambda run: run.score,
    "noise": lambda run: run.noise,
    "iteration": lambda run: run.iteration,
    "channel": channel,
    "seed": lambda run: run.recipe.spec.seed,
    "gained": lambda run: run.gained,
}
OF_IMAGES: Mapping[str, Callable[[ImageWork], float | None]] = {
    "masked": lambda image: image.masked,
    "probability": lambda image: image.probability,
}
WORDS_OF_RUNS: Mapping[str, Callable[[Recipe], tuple[str, ...]]] = {
    "layer": lambda recipe: recipe.spec.objectives[0].layers,
    "model": lambda recipe: (recipe.spec.model,),
    "weights": lambda recipe: (recipe.spec.weights or "trained",),
    "preset": preset_names,
    "class": lambda recipe: class_names(recipe, ()),
}
WORDS_OF_IMAGES: Mapping[str, Callable[[ImageWork], tuple[str, ...]]] = {
    "says": lambda image: (image.says,),
    "method": lambda image: image.methods,
}
NUMBERS = (*OF_RUNS, *OF_IMAGES, "tries")
WORDS = (*WORDS_OF_RUNS, *WORDS_OF_IMAGES, "moved")
FACTS = ("answered", "right")


def is_address(name: str) -> bool:
    """Whether it names a number of the hyperparams: learning_rate, or a part and its field."""
    return name == "learning_rate" or "." in name


def check_address(name: str) -> None:
    """ActvizError where there is no such number."""
    Hyperparams().value(name) if name == "learning_rate" else Hyperparams().place(name)
