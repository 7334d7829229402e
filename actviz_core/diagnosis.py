"""Why a picture failed, in a sentence, and the remedy that one click applies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .history import Point
from .layers import find_layer
from .models import Model
from .objectives import Objective, Sum
from .recipe import Hyperparams, Recipe, Spec
from .settings import described

PATIENCE = 24  # iterations before a picture is judged
DEAD_FOR = 3  # iterations without any gradient
GREY_SD = 3.0  # of 255: a picture with less contrast is still grey
SMALLEST = described(Spec)["height"].low  # px
LONGEST_STEP = described(Hyperparams)["learning_rate"].high
SATURATED_SHARE = 0.5  # of all colour values at the very ends of their range


@dataclass(frozen=True)
class Remedy:
    """What one click changes; `apply` makes another recipe."""

    label: str
    apply: Callable[[Recipe, Model], Recipe]


@dataclass(frozen=True)
class Diagnosis:
    """`remedy` is a name in REMEDIES, or "" where there is none."""

    kind: str
    text: str
    remedy: str = ""

    @property
    def label(self) -> str:
        return REMEDIES[self.remedy].label if self.remedy else ""


def diagnose(recipe: Recipe, model: Model, points: Sequence[Point], images: np.ndarray | None, error: str = "") -> Diagnosis | None:
    """What is wrong with a run that gave these points and now shows images uint8 [n, h, w, 3]; None: nothing."""
    if error:
        return of_error(error)
    return without_gradient(recipe, model, points) or of_picture(points, images)


def of_error(error: str) -> Diagnosis:
    for words, kind, remedy in ERRORS:
        if words in error:
            return Diagnosis(kind, error, remedy)
    return Diagnosis("error", error)


ERRORS = (
    ("stopped being a number", "not a number", "slower"),
    ("Out of memory", "memory", "smaller"),
    ("too small", "too small", "natural size"),
)


def without_gradient(recipe, model, points) -> Diagnosis | None:
    last = points[-DEAD_FOR:]
    if len(last) < DEAD_FOR or any(any(point.gradient) for point in last):
        return None
    text = "The gradient is exactly zero, so nothing can improve: a ReLU on the way is dead for this picture."
    if recipe.spec.redirected < PATIENCE and recipe.spec.redirected < recipe.spec.iterations:
        return Diagnosis("no gradient", text, "redirect")
    if tapped_before(recipe.spec, model) != recipe.spec.objective:
        return Diagnosis("no gradient", text, "before")
    return Diagnosis("no gradient", text, "other start")


def of_picture(points, images) -> Diagnosis | None:
    if images is None or len(points) < PATIENCE:
        return None
    if float(images.std(axis=(1, 2, 3)).min()) < GREY_SD:
        return Diagnosis("grey", "The picture is still grey: the steps are too short to be seen.", "faster")
    if float(np.mean((images < 3) | (images > 252))) > SATURATED_SHARE:
        return Diagnosis("saturated", "Most colours are at the end of their range: the steps are too long.", "slower")
    if len(points) >= 2 * PATIENCE and flat(points[: PATIENCE // 2], points[-PATIENCE // 2 :]):
        return Diagnosis("flat", "The score has not risen since the start.", "other start")
    return None


def flat(first: Sequence[Point], last: Sequence[Point]) -> bool:
    """Whether the last scores are no better than the first, as far as these differ among themselves."""
    before, after = ([float(np.mean(point.score)) for point in points] for points in (first, last))
    return float(np.mean(after)) <= float(np.mean(before)) + 0.5 * float(np.std(before))


# remedies


def redirect(recipe: Recipe, model: Model) -> Recipe:
    return restarted(recipe, redirected=max(PATIENCE, recipe.spec.iterations // 4))


def tap_before(recipe: Recipe, model: Model) -> Recipe:
    return restarted(recipe, objective=tapped_before(recipe.spec, model))


def tapped_before(spec: Spec, model: Model) -> Objective | tuple[Objective, ...]:
    """The objective with every ReLU among its layers replaced by the layer that feeds it."""
    moved = tuple(moved_before(objective, model) for objective in spec.objectives)
    return moved if isinstance(spec.objective, tuple) else moved[0]


def moved_before(objective: Objective, model: Model) -> Objective:
    if isinstance(objective, Sum):
        return Sum(tuple(replace(term, objective=moved_before(term.objective, model)) for term in objective.terms))
    before = find_layer(model, objective.layers[0]).before
    return replace(objective, layer=before) if before else objective


def slower(recipe: Recipe, model: Model) -> Recipe:
    return rated(recipe, 0.1)


def faster(recipe: Recipe, model: Model) -> Recipe:
    return rated(recipe, 10.0)


def rated(recipe: Recipe, factor: float) -> Recipe:
    now = recipe.hyperparams_at(recipe.spec.iterations)
    return Recipe(recipe.spec, replace(now, learning_rate=min(LONGEST_STEP, now.learning_rate * factor)))


def other_start(recipe: Recipe, model: Model) -> Recipe:
    return restarted(recipe, seed=recipe.spec.seed + 1)


def smaller(recipe: Recipe, model: Model) -> Recipe:
    if recipe.spec.count > 1 and not isinstance(recipe.spec.objective, tuple):
        return restarted(recipe, count=recipe.spec.count // 2)
    return restarted(recipe, height=max(SMALLEST, recipe.spec.height // 2), width=max(SMALLEST, recipe.spec.width // 2))


def natural_size(recipe: Recipe, model: Model) -> Recipe:
    return restarted(recipe, height=model.height, width=model.width, octaves=1)


def restarted(recipe: Recipe, **changes) -> Recipe:
    return Recipe(replace(recipe.spec, **changes), recipe.hyperparams_at(recipe.spec.iterations))


REMEDIES = {
    "redirect": Remedy("Let gradients through dead ReLUs at first", redirect),
    "before": Remedy("Read the layer before its ReLU", tap_before),
    "slower": Remedy("Take steps ten times shorter", slower),
    "faster": Remedy("Take steps ten times longer", faster),
    "other start": Remedy("Start from other noise", other_start),
    "smaller": Remedy("Make it smaller", smaller),
    "natural size": Remedy("Use the network's own size", natural_size),
}
