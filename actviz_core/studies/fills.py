"""Fills: what people want to see together, made of one recipe.

A fill is (recipe, load) -> recipes; `load` is load_model or something that keeps what it loads.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..errors import ActvizError
from ..models.layers import AnyModel, list_layers
from ..objectives import Channel, ClassLogit, Objective, check_channels
from ..optimization.presets import PRESETS, followed
from ..optimization.recipe import Recipe
from .comparison import Column, Comparison

CLASSIFIERS = ("efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2")

Load = Callable[[str, str], AnyModel]
Fill = Callable[[Recipe, Load], tuple[Recipe, ...]]


def next_channels(recipe: Recipe, load: Load) -> tuple[Recipe, ...]:
    """The recipe's channel and up to five after it, of the same layer."""
    target = channel_of(recipe)
    layer = check_channels(
        load(recipe.spec.model, recipe.spec.weights),
        target.layer,
        (target.channel,),
        recipe.spec.height,
        recipe.spec.width,
    )
    channels = range(target.channel, min(target.channel + 6, layer.channels))
    return tuple(aimed(recipe, objective=Channel(target.layer, channel)) for channel in channels)


def across_layers(recipe: Recipe, load: Load) -> tuple[Recipe, ...]:
    """The same channel's number in up to eight blocks, from the first to the last.

    The recipe's own layer is among them.
    """
    target, model = channel_of(recipe), load(recipe.spec.model, recipe.spec.weights)
    size = recipe.spec.height, recipe.spec.width
    own = check_channels(model, target.layer, (target.channel,), *size)
    layers = [
        layer
        for layer in list_layers(model, *size)
        if layer == own or (layer.block and layer.channels > target.channel and layer.height > 1)
    ]
    count, here = min(8, len(layers)), layers.index(own)
    places = [round(index * (len(layers) - 1) / max(1, count - 1)) for index in range(count)]
    if here not in places:  # in place of the nearest, but for the ends
        places[min(range(1, count - 1), key=lambda index: abs(places[index] - here))] = here
    settings = replace(recipe, changes=(), picture=0)
    aims = (replace(recipe.spec, objective=Channel(layers[place].name, target.channel)) for place in places)
    return tuple(followed(settings, aim, model) for aim in aims)


def across_models(recipe: Recipe, load: Load) -> tuple[Recipe, ...]:
    """The same class in the three networks that come with actviz, each at its own size."""
    class_of(recipe)
    models = [load(name, "") for name in CLASSIFIERS]
    return tuple(aimed(recipe, model=m.name, weights="", height=m.height, width=m.width) for m in models)


def trained_and_untrained(recipe: Recipe, _load: Load) -> tuple[Recipe, ...]:
    """With the recipe's weights, or the published ones where those are random, and with random ones."""
    trained = "" if recipe.spec.weights == "untrained" else recipe.spec.weights
    return aimed(recipe, weights=trained), aimed(recipe, weights="untrained")


def seeds(recipe: Recipe, _load: Load) -> tuple[Recipe, ...]:
    """The recipe's seed and the three after it."""
    return tuple(aimed(recipe, seed=recipe.spec.seed + index) for index in range(4))


def presets(recipe: Recipe, load: Load) -> tuple[Recipe, ...]:
    """The presets that need no more than some hundred iterations, cut to the recipe's number of them."""
    quick = [
        preset
        for preset in PRESETS
        if preset.name in ("good", "textbook", "lucid", "distill", "deepdream", "yosinski-3")
    ]
    model = load(recipe.spec.model, recipe.spec.weights)
    applied = [preset.applied(recipe, model) for preset in quick]
    return tuple(replace(each, spec=replace(each.spec, iterations=recipe.spec.iterations)) for each in applied)


FILLS: dict[str, Fill] = {
    "Next channels of this layer": next_channels,
    "Same channel across layers": across_layers,
    "Same class across models": across_models,
    "Trained and untrained weights": trained_and_untrained,
    "Several seeds": seeds,
    "Several presets": presets,
}
"""What a comparison can be filled with, in words, from the recipe on Explore."""


def channel_of(recipe: Recipe) -> Channel:
    """The channel that a recipe is about; ActvizError where there is none."""
    target = recipe.spec.objectives[0]
    channel = getattr(target, "channel", None)
    if not isinstance(channel, int):
        raise ActvizError("this needs a channel as the target; choose one first.")
    return Channel(target.layers[0], channel)


def class_of(recipe: Recipe) -> ClassLogit:
    """The class that a recipe is about; ActvizError where there is none."""
    if not isinstance(recipe.spec.objective, ClassLogit):
        raise ActvizError("models have only their classes in common; choose a class as the target first.")
    return recipe.spec.objective


NEEDS: dict[Fill, Callable[[Recipe], Objective]] = {
    next_channels: channel_of,
    across_layers: channel_of,
    across_models: class_of,
}


def check_fill(recipe: Recipe, fill: Fill) -> None:
    """ActvizError where the recipe's target has not what the fill needs. Loads nothing."""
    if fill in NEEDS:
        NEEDS[fill](recipe)


def filled(recipe: Recipe, fill: Fill, load: Load) -> Comparison:
    """A comparison of what a fill makes of a recipe; `load` is load_model or something that keeps what it loads."""
    return Comparison(tuple(Column(replace(each, changes=(), picture=0)) for each in fill(recipe, load)))


def aimed(recipe: Recipe, **changes: Any) -> Recipe:
    """With another spec but as many pictures; where each had an objective of its own, one that is given is for all."""
    return replace(recipe, spec=replace(recipe.spec, **changes))
