"""What a step's controls do to the recipe of a run."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..models.layers import AnyModel, find_layer
from ..objectives import ClassLogit
from ..optimization.presets import preset
from ..optimization.recipe import Recipe


def moved(recipe: Recipe, iteration: int, settings: Mapping[str, Any]) -> Recipe:
    """The run that went as far as an iteration, and goes on with other numbers.

    Raises ActvizError: there are none such.
    """
    hyperparams = recipe.final.with_values(settings)
    return recipe.until(iteration, hyperparams) if iteration else replace(recipe, hyperparams=hyperparams, changes=())


def choose(recipe: Recipe, changes: Mapping[str, Any], model: AnyModel) -> Recipe:
    """The recipe of a run that begins anew with another preset, layer, channel, class or seed.

    Raises ActvizError: one that there is not.
    """
    if "preset" in changes:
        recipe = preset(str(changes["preset"]).casefold()).applied(recipe)
    spec = recipe.spec
    objective = spec.objectives[0]
    if "layer" in changes:
        objective = objective.in_layer(find_layer(model, changes["layer"], spec.height, spec.width))
    if "channel" in changes:
        objective = objective.about(changes["channel"])
    if "class" in changes:
        objective = ClassLogit(changes["class"])
    asked = spec.objective if objective == spec.objectives[0] else objective
    return replace(recipe, spec=replace(spec, objective=asked, seed=changes.get("seed", spec.seed)))
