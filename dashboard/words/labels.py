"""What tells recipes side by side apart, with what this visitor's pages know.

Their own presets, and the classes of networks that are there: none is loaded for that, for a link must not make it
load before anybody has pressed Start.
"""

from collections.abc import Sequence

from actviz_core import Column, ModelHandle, Recipe
from actviz_core import labels as core
from dashboard.state import services
from dashboard.words.presets import presets


def labels(columns: Sequence[Column]) -> list[str]:
    """For each column its number and what tells it from the others."""
    return core.labels(columns, known([column.recipe for column in columns]), presets())


def shared(recipes: Sequence[Recipe]) -> str:
    """What all have in common of network, weights, layer and place, as a title."""
    return core.shared(recipes, known(recipes))


def full(recipe: Recipe) -> str:
    """Network and target, for whom the picture itself says nothing."""
    return core.full(recipe, *known([recipe]))


def known(recipes: Sequence[Recipe]) -> list[ModelHandle | None]:
    return [services.known_model(recipe.spec.model, recipe.spec.weights) for recipe in recipes]
