"""Recipes of a lesson's runs, from their fields."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from typing import Any

from .. import export
from ..errors import ActvizError
from ..models.layer import OUTPUT
from ..objectives import Channel, ClassLogit, LayerEnergy, Neuron, Objective
from ..optimization.hyperparams import Hyperparams
from ..optimization.optimizers import Optimizer
from ..optimization.parametrizations import Parametrization
from ..optimization.presets import preset
from ..optimization.recipe import Recipe
from ..optimization.spec import Spec
from ..values import conform
from .fields import MOST_COUNT, MOST_ITERATIONS, MOST_SIDE, ImageFields, RunFields, SolutionFields

USUAL = "efficientnet_lite0"
PLAIN = ("seed", "count", "start", "weights")  # fields of Spec that are given as they are
BOUNDS = {"height": MOST_SIDE, "width": MOST_SIDE, "count": MOST_COUNT, "iterations": MOST_ITERATIONS}
NOTHING_YET = Spec(USUAL, LayerEnergy(OUTPUT))  # until the run's own target is read

Noting = Callable[..., AbstractContextManager[None]]  # (names of fields) -> what notes a refusal there


def recipe_of(fields: RunFields, file: Callable[[str], bytes], at: Noting) -> Recipe | None:
    """The recipe that a run's fields say; None where there is nothing to begin with.

    What cannot be used is noted field by field: no target, unknown presets and settings, values out of range.
    file  reads a file beside the lesson
    at    what is refused within is noted at the first of these fields that the run has
    """
    recipe, readable = preset("good").applied(Recipe(NOTHING_YET)), not fields.recipe
    if fields.recipe:
        with at("recipe"):
            recipe, readable = kept_recipe(file(fields.recipe)), True
    if fields.preset:
        with at("preset"):
            recipe = preset(fields.preset.casefold()).applied(recipe)
    with at("size", "count", "recipe"):
        recipe = replace(recipe, spec=replace(recipe.spec, **changes_of(fields, at)))
    if fields.set:
        for address, problem in refused(recipe.hyperparams, fields.set):
            with at(f"set.{address}"):
                raise problem
        with suppress(ActvizError):  # which were told
            recipe = replace(recipe, hyperparams=recipe.hyperparams.with_values(fields.set), changes=())
    for name, most in BOUNDS.items():
        with at("recipe"):
            check_bound(recipe.spec, name, most)
    return recipe if readable else None


def kept_recipe(data: bytes) -> Recipe:
    """Of a file. Raises ActvizError: none in it, or one that needs somebody's weights."""
    recipe = export.read_recipe(data)
    if recipe.spec.weights not in ("", "untrained"):
        raise ActvizError("the recipe needs a file of weights; make one with published or untrained weights")
    return recipe


def check_bound(spec: Spec, name: str, most: int) -> None:
    """ActvizError for what is more than a class can run, where a file beside the lesson says it."""
    if (value := getattr(spec, name)) > most:
        raise ActvizError(f"the recipe's {name} is {value:,}; in a lesson it is at most {most:,}")


def refused(hyperparams: Hyperparams, values: Mapping[str, Any]) -> Iterator[tuple[str, ActvizError]]:
    """The numbers that cannot be set by themselves, by address, and why; else the last, where all cannot together."""
    found: dict[str, ActvizError] = {}
    together: ActvizError | None = None
    try:
        hyperparams.with_values(values)
    except ActvizError as problem:
        together = problem
    for address, value in values.items() if together else ():
        try:
            hyperparams.with_value(address, value)
        except ActvizError as problem:
            found[address] = problem
    if together and not found:
        found[list(values)[-1]] = together
    yield from found.items()


def changes_of(fields: RunFields, at: Noting) -> dict[str, Any]:
    """The fields of Spec that the file gives."""
    changed: dict[str, Any] = {name: value for name in PLAIN if (value := getattr(fields, name)) is not None}
    if fields.model:
        changed["model"] = fields.model
    with at("objective", "layer"):
        target = target_of(fields)
        if target:
            changed["objective"] = target
        elif not fields.recipe:
            raise ActvizError(
                'the run has nothing to maximize; write layer = "..." and channel = ..., or class = "..."'
            )
    if fields.size:
        height, width = fields.size if isinstance(fields.size, tuple) else (fields.size, fields.size)
        changed |= {"height": height, "width": width}
    if fields.iterations:
        changed["iterations"] = fields.iterations
    for name, base in (("parametrization", Parametrization), ("optimizer", Optimizer)):
        if given := getattr(fields, name):
            with at(name):
                changed[name] = conform(given, base, name)
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
