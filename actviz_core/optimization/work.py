"""The work of a run: a recipe, and where to begin, as values that go to whoever owns the device."""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from ..frames import Snapshot
from ..models.model import Model
from .loop import Ascent, Frames, replay
from .recipe import Recipe

SMALL = 160**2  # pixels: larger pictures gain little by sharing a pass, and need the memory of all of them


@dataclass(frozen=True)
class Replay:
    """A recipe with its logged changes, from the start or from a snapshot on (`replay`)."""

    recipe: Recipe
    snapshot: Snapshot | None = None

    @property
    def network(self) -> tuple[str, str]:
        return self.recipe.spec.model, self.recipe.spec.weights

    def begin(self, models: Callable[[str, str], Model]) -> Frames:
        return replay(models(*self.network), self.recipe, self.snapshot)


@dataclass(frozen=True)
class ReplayInStep:
    """The same for a run that `together` advances, by itself or beside others.

    uphill  whether its frames show the gradient too
    """

    recipe: Recipe
    uphill: bool = False
    snapshot: Snapshot | None = None

    @property
    def network(self) -> tuple[str, str]:
        return self.recipe.spec.model, self.recipe.spec.weights

    def begin(self, models: Callable[[str, str], Model]) -> Ascent:
        return Ascent(models(*self.network), self.recipe, self.snapshot, uphill=self.uphill)


def alike(recipes: Sequence[Recipe]) -> Hashable | None:
    """Equal for runs that gain by a common pass through the network; None where that is not worth it."""
    specs = [recipe.spec for recipe in recipes]
    if any(spec.count * math.prod(spec.canvas) > SMALL for spec in specs):
        return None
    layers = [tuple(layer for each in spec.objectives for layer in each.layers) for spec in specs]
    return tuple((spec.model, spec.weights, *spec.canvas, read) for spec, read in zip(specs, layers, strict=True))
