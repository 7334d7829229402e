"""Remedies: what one click changes in a recipe whose picture failed."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..models.layers import AnyModel
from ..objectives import Objective
from ..optimization.hyperparams import Hyperparams
from ..optimization.optimizers import GradientAscent
from ..optimization.recipe import Recipe
from ..optimization.spec import Spec
from ..settings import described

PATIENCE = 24  # iterations before a picture is judged, and in which a dead unit is woken at least
SMALLEST = int(described(Spec)["height"].low or 1)  # px
LONGEST_STEP = described(Hyperparams)["learning_rate"].high or math.inf


@dataclass(frozen=True)
class Remedy:
    """What one click changes; `apply` makes another recipe."""

    label: str
    apply: Callable[[Recipe, AnyModel], Recipe]


def redirect(recipe: Recipe, _model: AnyModel) -> Recipe:
    return restarted(recipe, redirected=max(PATIENCE, recipe.spec.iterations // 4))


def tap_before(recipe: Recipe, model: AnyModel) -> Recipe:
    return restarted(recipe, objective=tapped_before(recipe.spec, model))


def tapped_before(spec: Spec, model: AnyModel) -> Objective | tuple[Objective, ...]:
    """The objective with every activation function among its layers replaced by the layer that feeds it."""
    moved = tuple(objective.before(model) for objective in spec.objectives)
    return moved if isinstance(spec.objective, tuple) else moved[0]


def visible(spec: Spec) -> float:
    """The learning rate with which steps of steady length draw a picture within the run, and not at once."""
    return spec.parametrization.visible_rate(spec.iterations)


def slower(recipe: Recipe, _model: AnyModel) -> Recipe:
    return rated(recipe, lambda rate, shown: min(0.1 * rate, shown))


def faster(recipe: Recipe, _model: AnyModel) -> Recipe:
    return rated(recipe, lambda rate, shown: max(10 * rate, shown))


def free(recipe: Recipe, _model: AnyModel) -> Recipe:
    """Without any regularization, and with steps that are seen."""
    longer = rated(recipe, max)
    return replace(longer, hyperparams=replace(longer.hyperparams, regularizers=()))


def rated(recipe: Recipe, change: Callable[[float, float], float]) -> Recipe:
    """With another learning rate.

    Where something else says how long the steps are, gradients are divided by their size first.
    """
    now, shown = recipe.hyperparams_at(recipe.spec.iterations), visible(recipe.spec)
    if not recipe.spec.optimizer.steady:
        return Recipe(replace(recipe.spec, optimizer=GradientAscent("rms")), replace(now, learning_rate=shown))
    return Recipe(recipe.spec, replace(now, learning_rate=min(LONGEST_STEP, change(now.learning_rate, shown))))


def other_start(recipe: Recipe, _model: AnyModel) -> Recipe:
    return restarted(recipe, seed=recipe.spec.seed + 1)


def smaller(recipe: Recipe, _model: AnyModel) -> Recipe:
    if recipe.spec.count > 1 and not isinstance(recipe.spec.objective, tuple):
        return restarted(recipe, count=recipe.spec.count // 2)
    return restarted(recipe, height=max(SMALLEST, recipe.spec.height // 2), width=max(SMALLEST, recipe.spec.width // 2))


def natural_size(recipe: Recipe, model: AnyModel) -> Recipe:
    return restarted(recipe, height=model.height, width=model.width, octaves=1)


def restarted(recipe: Recipe, **changes: Any) -> Recipe:
    return Recipe(replace(recipe.spec, **changes), recipe.hyperparams_at(recipe.spec.iterations))


REMEDIES: dict[str, Remedy] = {
    "redirect": Remedy("Let gradients through dead ReLUs at first", redirect),
    "before": Remedy("Read the layer before its activation function", tap_before),
    "slower": Remedy("Take shorter steps", slower),
    "faster": Remedy("Take longer steps", faster),
    "free": Remedy("Go without regularization", free),
    "other start": Remedy("Start from other noise", other_start),
    "smaller": Remedy("Make it smaller", smaller),
    "natural size": Remedy("Use the network's own size", natural_size),
}
"""What helps, by the name that a Diagnosis gives."""
