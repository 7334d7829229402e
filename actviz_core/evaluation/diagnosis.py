"""Why a picture failed, in a sentence, and the remedy that one click applies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import UInt8

from ..errors import Diverged, ImageTooSmall, OutOfMemory
from ..models.layers import AnyModel
from ..numerals import written
from ..objectives import Objective
from ..optimization.hyperparams import Hyperparams, label_of
from ..optimization.recipe import Recipe
from ..optimization.regularizers import Regularizer
from ..runs.history import Point
from .courses import courses
from .remedies import PATIENCE, REMEDIES, tapped_before, visible

DEAD_FOR = 3  # iterations without any gradient
GREY_SD = 3.0  # of 255: a picture with less contrast is still grey
SATURATED_SHARE = 0.5  # of all colour values at the very ends of their range

HIGHEST = (
    "The unit is already at its highest value ({high}): its {name} lets no gradient through, so the picture cannot "
    "improve."
)
SENTENCES = {
    "highest": HIGHEST,
    "highest before": f"{HIGHEST} Read the layer before it.",
    "silent": "The unit is silent: its {name} answers {low} and lets no gradient through for this picture.",
    "no gradient": "The gradient is exactly zero, so nothing can improve: an activation function on the way is where "
    "its curve is flat.",
    "pulled grey": "The picture is still grey: what the steps draw is taken away by {pulling}.",
    "grey": "The picture is still grey: the steps are too short to be seen.",
    "saturated": "Most colours are at the end of their range: the steps are too long.",
    "flat": "The score has not risen since the start.",
    "fallen": "The score has fallen since iteration {peak} and has lost more than half of what it had gained.",
}

Value = str | float | tuple[str, ...]


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a picture.

    kind      for programs, a word or two
    sentence  for people, a sentence or two, with places for values
    remedy    a name in REMEDIES, or "" where there is none
    values    what belongs there: numbers, names, and several names of settings
    picture   which of several it is, from 1; 0: the only one, or all
    """

    kind: str
    sentence: str
    remedy: str = ""
    values: Mapping[str, Value] = field(default_factory=dict, hash=False)
    picture: int = 0

    @property
    def text(self) -> str:
        """All of it in English."""
        said = {name: in_words(value) for name, value in self.values.items()}
        sentence = self.sentence.format(**said) if said else self.sentence  # an error's may hold any signs
        return f"Picture {self.picture}: {sentence}" if self.picture else sentence

    @property
    def label(self) -> str:
        """What the button of the remedy says, "" where there is none."""
        return REMEDIES[self.remedy].label if self.remedy else ""


def in_words(value: Value) -> str:
    """As it stands in a sentence."""
    match value:
        case str():
            return value
        case tuple():
            return " and ".join(value)
    return written(value)


def diagnose(
    recipe: Recipe,
    model: AnyModel,
    points: Sequence[Point],
    images: UInt8[np.ndarray, "n h w 3"] | None,
    problem: Exception | None = None,
) -> Diagnosis | None:
    """What is wrong with a run that gave these points and now shows these images; None: nothing."""
    found = (
        of_problem(problem)
        if problem
        else without_gradient(recipe, model, points) or of_picture(recipe, points, images)
    )
    if found and found.remedy and REMEDIES[found.remedy].apply(recipe, model) == recipe:
        return replace(found, remedy="")
    return found


def of_problem(problem: Exception) -> Diagnosis:
    text = str(problem)
    match problem:
        case Diverged(iteration=iteration):
            remedy = "slower" if iteration > 1 else ""
            return Diagnosis("not a number", problem.sentence, remedy, {"iteration": iteration})
        case OutOfMemory():
            return Diagnosis("memory", text, "smaller")
        case ImageTooSmall():
            return Diagnosis("too small", text, "natural size")
    return Diagnosis("error", text)


def without_gradient(recipe: Recipe, model: AnyModel, points: Sequence[Point]) -> Diagnosis | None:
    """Where no gradient reaches one of the pictures, be it that only the regularization still moves it."""
    last = points[-DEAD_FOR:]
    if len(last) < DEAD_FOR:
        return None
    for index in range(len(last[0].gradient)):
        still = (
            len(points) >= PATIENCE
            and bool(points[-1].penalties)
            and len({point.score[index] for point in points[-PATIENCE:]}) == 1
        )
        if still or not any(point.gradient[index] for point in last):
            objective = recipe.spec.objectives[index % len(recipe.spec.objectives)]
            found = stuck(recipe, model, objective, last[-1].score[index])
            return replace(found, picture=index + 1) if len(last[0].gradient) > 1 else found
    return None


def stuck(recipe: Recipe, model: AnyModel, objective: Objective, score: float) -> Diagnosis:
    name, low, high = objective.limits(model)
    before = "before" if tapped_before(recipe.spec, model) != recipe.spec.objective else ""
    if score >= high - 1e-4 * abs(high):
        sentence = SENTENCES["highest before" if before else "highest"]
        return Diagnosis("highest value", sentence, before, {"high": high, "name": name})
    remedy = before or "other start"
    if recipe.spec.redirected < min(PATIENCE, recipe.spec.iterations):
        remedy = "redirect"
    if score <= low:
        return Diagnosis("no gradient", SENTENCES["silent"], remedy, {"low": low, "name": name})
    return Diagnosis("no gradient", SENTENCES["no gradient"], remedy)


def of_picture(
    recipe: Recipe, points: Sequence[Point], images: UInt8[np.ndarray, "n h w 3"] | None
) -> Diagnosis | None:
    if images is None or len(points) < PATIENCE:
        return None
    now = recipe.hyperparams_at(points[-1].iteration)
    pulling = tuple(
        label_of(name) for name, part in now.addresses().items() if isinstance(part, Regularizer) and part.active
    )
    if float(images.std(axis=(1, 2, 3)).min()) < GREY_SD:
        if pulling:
            return Diagnosis("grey", SENTENCES["pulled grey"], "free", {"pulling": pulling})
        return Diagnosis("grey", SENTENCES["grey"], "faster")
    if float(np.mean((images < 3) | (images > 252), axis=(1, 2, 3)).max()) > SATURATED_SHARE:
        return Diagnosis("saturated", SENTENCES["saturated"], "slower")
    if len(points) >= 2 * PATIENCE and not growing_harder(now):
        return of_score(recipe, now, points, pulling)
    return None


def of_score(recipe: Recipe, now: Hyperparams, points: Sequence[Point], pulling: tuple[str, ...]) -> Diagnosis | None:
    # Scores of other sizes or under other views are of something else.
    if not any(course.has_risen for course in courses(recipe, points, lambda hyperparams: hyperparams.transforms)):
        return Diagnosis("flat", SENTENCES["flat"], wrong_step(recipe, now, pulling))
    # With other settings it may be meant to fall.
    peak = courses(recipe, points, lambda hyperparams: hyperparams)[-1].peak_lost
    if peak:
        steady = recipe.spec.optimizer.steady and now.learning_rate <= visible(recipe.spec)
        return Diagnosis("fallen", SENTENCES["fallen"], "free" if pulling and steady else "slower", {"peak": peak})
    return None


def growing_harder(now: Hyperparams) -> bool:
    """Whether later views are smaller crops than the first, so that their scores are of something else."""
    return any(transform.active and transform.narrows for transform in now.transforms)


def wrong_step(recipe: Recipe, now: Hyperparams, pulling: tuple[str, ...]) -> str:
    """The remedy for a score that does not rise though there is a gradient."""
    if not recipe.spec.optimizer.steady or now.learning_rate < 0.1 * visible(recipe.spec):
        return "faster"
    if pulling:
        return "free"
    return "slower" if now.learning_rate > visible(recipe.spec) else "other start"
