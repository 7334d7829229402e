"""Grids: where in an image the positions of a layer lie, as rows and columns of cells.

Tokens are a grid where they stand for the patches of the image, behind a few that stand for none (class token,
registers).
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import torch
from jaxtyping import Float
from torch import Tensor

from ..errors import NotAllowed
from ..models.activations import activations
from ..models.centres import PLANES
from ..models.layer import Layer
from ..models.layers import list_layers
from ..models.model import Model

MOST_PREFIXES = 16  # tokens that stand for no patch

GRIDS: WeakKeyDictionary[Model, dict] = WeakKeyDictionary()


@dataclass(frozen=True)
class Grid:
    """Rows and columns of cells, and how many tokens stand before the first of them."""

    rows: int
    columns: int
    prefix: int = 0

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def laid_out(self, values: Float[Tensor, "n c _ _"]) -> Float[Tensor, "n c rows columns"]:
        """What a layer answers, by its cells."""
        if values.shape[2:] == (self.rows, self.columns):
            return values
        return values.flatten(2)[:, :, self.prefix :].unflatten(2, (self.rows, self.columns))


def grid_of(model: Model, layer: Layer, height: int, width: int) -> Grid:
    """The grid of a layer, with images of that size in pixels. Raises NotAllowed where it has none."""
    check_positions(layer)
    if not layer.tokens:
        return Grid(layer.height, layer.width)
    known = GRIDS.setdefault(model, {})
    key = layer.height, height, width
    if key not in known:
        known[key] = patch_grid(model, layer.height, height, width)
    if known[key] is None:
        raise NotAllowed(
            f"the {layer.height} tokens of the layer {layer.name} are not the patches of the image, row by row: "
            "choose a layer with rows and columns."
        )
    return known[key]


def check_positions(layer: Layer) -> None:
    """NotAllowed for a layer whose answer has no rows and columns, and no tokens."""
    if layer.axes not in PLANES and not layer.tokens:
        raise NotAllowed(
            f"the layer {layer.name} has no positions ({layer.dimensions}), so its map cannot be drawn on an image: "
            "choose a layer with rows and columns."
        )


def patch_grid(model: Model, tokens: int, height: int, width: int) -> Grid | None:
    """The grid of so many tokens, if they come from a feature map of the image, in its order."""
    layers = list_layers(model, height, width)
    first = next(place for place, layer in enumerate(layers) if layer.tokens and layer.height == tokens)
    maps = [layer for layer in layers[:first] if layer.axes in PLANES]
    if not maps:
        return None
    patches = maps[-1]
    grid = Grid(patches.height, patches.width, tokens - patches.height * patches.width)
    if not 0 <= grid.prefix <= MOST_PREFIXES:
        return None
    return grid if in_order(model, patches, layers[first], grid, height, width) else None


def in_order(model: Model, patches: Layer, tokens: Layer, grid: Grid, height: int, width: int) -> bool:
    """Whether the tokens at three corners come most of all from the cells there."""
    rng = torch.Generator().manual_seed(0)
    image = torch.rand(1, 3, height, width, generator=rng).to(model.device)
    with torch.enable_grad():
        read = activations(model, image.requires_grad_(), (patches.name, tokens.name))
        answer = read[tokens.name][0, :, :, 0]
        weights = torch.randn(len(answer), generator=rng).to(model.device)  # a norm makes plain sums constant
        for cell in (0, grid.columns - 1, grid.cells - 1):
            (found,) = torch.autograd.grad(
                (answer[:, grid.prefix + cell] * weights).sum(),
                read[patches.name],
                retain_graph=True,
                allow_unused=True,
            )
            if found is None or found.abs().sum(1).flatten().argmax() != cell:
                return False
    return True
