"""Recipes of a lesson's runs, from their fields."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .. import export
from ..errors import ActvizError
from ..objectives import Channel, ClassLogit, LayerEnergy, Neuron, Objective
from ..optimization.optimizers import Optimizer
from ..optimization.parametrizations import Parametrization
from ..optimization.presets import preset
from ..optimization.recipe import Recipe
from ..optimization.spec import Spec
from ..values import conform
from .fields import MOST_COUNT, MOST_ITERATIONS, MOST_SIDE, ImageFields, RunFields, SolutionFields

USUAL = "efficientnet_lite0"
PLAIN = ("seed", "count", "start", "weights")  # fields of Spec that are given as they are


def recipe_of(fields: RunFields, file: Callable[[str], bytes]) -> Recipe:
    """The recipe that a run's fields say; `file` reads one beside the lesson.

    Raises ActvizError: no target, unknown presets and settings, values out of range, what `file` raises.
    """
    base = export.read_recipe(file(fields.recipe)) if fields.recipe else new_recipe(fields)
    if base.spec.weights not in ("", "untrained"):
        raise ActvizError("the recipe needs a file of weights; make one with published or untrained weights")
    if fields.preset:
        base = preset(fields.preset.casefold()).applied(base)
    changed = changes_of(fields)
    recipe = replace(base, spec=replace(base.spec, **changed)) if changed else base
    if fields.set:
        recipe = replace(recipe, hyperparams=recipe.hyperparams.with_values(fields.set), changes=())
    check_bounds(recipe.spec)
    return recipe


def check_bounds(spec: Spec) -> None:
    """ActvizError for what is more than a class can run, where a file beside the lesson says it."""
    for name, most in (
        ("height", MOST_SIDE),
        ("width", MOST_SIDE),
        ("count", MOST_COUNT),
        ("iterations", MOST_ITERATIONS),
    ):
        if (value := getattr(spec, name)) > most:
            raise ActvizError(f"the recipe's {name} is {value:,}; in a lesson it is at most {most:,}")


def new_recipe(fields: RunFields) -> Recipe:
    """As the default preset makes it."""
    target = target_of(fields)
    if target is None:
        raise ActvizError('the run has nothing to maximize; write layer = "..." and channel = ..., or class = "..."')
    return preset("good").applied(Recipe(Spec(fields.model or USUAL, target)))


def changes_of(fields: RunFields) -> dict[str, Any]:
    """The fields of Spec that the file gives."""
    changed: dict[str, Any] = {name: value for name in PLAIN if (value := getattr(fields, name)) is not None}
    if fields.model:
        changed["model"] = fields.model
    if target := target_of(fields):
        changed["objective"] = target
    if fields.size:
        height, width = fields.size if isinstance(fields.size, tuple) else (fields.size, fields.size)
        changed |= {"height": height, "width": width}
    if fields.iterations:
        changed["iterations"] = fields.iterations
    if fields.parametrization:
        changed["parametrization"] = conform(fields.parametrization, Parametrization, "parametrization")
    if fields.optimizer:
        changed["optimizer"] = conform(fields.optimizer, Optimizer, "optimizer")
    return changed


def target_of(fields: RunFields | ImageFields | SolutionFields) -> Objective | None:
    """What is maximized or explained; None where nothing is given."""
    if isinstance(fields, RunFields) and fields.objective:
        return conform(fields.objective, Objective, "objective")
    if fields.class_ is not None:
        return ClassLogit(fields.class_)
    if not fields.layer:
        return None
    if fields.channel is None:
        return LayerEnergy(fields.layer)
    if isinstance(fields, RunFields) and fields.neuron is not None:
        return Neuron(fields.layer, fields.channel, *fields.neuron)
    return Channel(fields.layer, fields.channel)
