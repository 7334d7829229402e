"""Manners: how pictures are made, whatever they are of; and which of them suits what a cell of a texture sees."""

from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from ..models.layers import AnyModel
from ..models.reach import EVERYTHING
from ..models.receptive_field import theoretical_fields
from .hyperparams import Hyperparams
from .recipe import Recipe
from .spec import LARGEST_TILE, Spec

METHOD = (
    "parametrization",
    "optimizer",
    "iterations",
    "schedule",
    "tile",
    "octaves",
    "octave_factor",
    "redirected",
    "start",
)

# As measured (docs/measurements.md). What a cell of a texture sees: more pixels than a colour needs, and at most that
# share of the picture's side, which is also what a tile with its border takes. Of tiles the least side that is as good
# as the picture, whole steps, and the border that is seen around one. In a picture too small for that a smaller one
# with half the border is still good, for cells that see at most so much.
LEAST_SEEN, LARGEST, LEAST_SIDE, STEP, BORDER = 7, 0.75, 72, 8, 16
SMALL_SIDE, SMALL_BORDER, MOST_SEEN = 48, 8, 84


@dataclass(frozen=True)
class Manner:
    """How a picture is made: numbers that may change on the way, and the fields of Spec that are decided, by name."""

    hyperparams: Hyperparams
    method: dict[str, Any] = field(default_factory=dict[str, Any], hash=False)

    def applied(self, recipe: Recipe) -> Recipe:
        """The recipe's target, size, seed and count, made in this manner."""
        method = {name: Spec.__dataclass_fields__[name].default for name in METHOD} | self.method
        if recipe.spec.start == "photograph":
            method["start"] = "photograph"
        return Recipe(replace(recipe.spec, **method), self.hyperparams)


@dataclass(frozen=True)
class Textures:
    """How targets are made that see little of the picture.

    fine    a cell sees less than 72 px
    coarse  it sees more
    small   either, in a picture in which only a small tile pays
    """

    fine: Manner
    coarse: Manner
    small: Manner

    @property
    def all(self) -> tuple[Manner, ...]:
        return self.fine, self.coarse, self.small

    def applied(self, recipe: Recipe, model: AnyModel) -> Recipe | None:
        """The recipe with the manner that suits its target in the model; None where that sees too much, or too little.

        Raises ImageTooSmall.
        """
        seen, size = seen_by(recipe.spec, model), min(recipe.spec.height, recipe.spec.width)
        side = tile_side(seen, size)
        if seen < LEAST_SEEN:
            return None
        if not side and seen <= MOST_SEEN and LARGEST * size >= SMALL_SIDE + 2 * SMALL_BORDER:
            return tiled(self.small.applied(recipe), SMALL_SIDE)
        if seen > LARGEST * size:
            return None
        return tiled((self.fine if seen < LEAST_SIDE else self.coarse).applied(recipe), side)


def tiled(recipe: Recipe, side: int) -> Recipe:
    return replace(recipe, spec=replace(recipe.spec, tile=side))


def seen_by(spec: Spec, model: AnyModel) -> float:
    """The side in pixels of what a cell of the spec's targets sees at most."""
    fields = theoretical_fields(model, spec.height, spec.width)
    layers = {layer for objective in spec.objectives for layer in objective.layers}
    return max(max(fields.get(layer, EVERYTHING)) for layer in layers)


def tile_side(seen: float, size: int) -> int:
    """In pixels: the smallest tile that holds what a cell sees; 0 where it does not pay in a picture of that size."""
    if seen > LARGEST * size:
        return 0
    side = ceil(max(seen, LEAST_SIDE) / STEP) * STEP
    return side if side <= LARGEST_TILE and side + 2 * BORDER <= LARGEST * size else 0
