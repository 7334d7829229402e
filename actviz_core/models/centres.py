"""Centres: where in an image a layer's cells lie.

A cell stands for what is around the centre of its receptive field. That is seldom where resizing a map draws it: with
stride 32, cell i lies at pixel 32 i where convolutions pad both sides alike (ResNet), at 32 i + 31 where they pad as
TensorFlow does (EfficientNet at even sizes), and is drawn at 32 i + 15.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import torch
from jaxtyping import Float, Float64, Int64
from torch import Tensor

from .activations import activations
from .layer import Layer
from .layers import list_layers
from .model import Model

PLANES = ("channels,rows,columns", "rows,columns,channels")  # of layers whose answers are maps
CELLS = 5  # whose fields are measured, from corner to corner
FAINT = 1e-3  # of the largest gradient: what is below it is a rounding error

PLACED: WeakKeyDictionary[Model, dict] = WeakKeyDictionary()

Centres = tuple[tuple[float, ...], tuple[float, ...]]
Positions = Float64[np.ndarray, " _"]


def centres_of(model: Model, height: int, width: int, grid: tuple[int, ...]) -> Centres | None:
    """Rows and columns, in pixels of an image of that size, at which the cells of a grid are centred.

    None where no feature map of the network has such a grid. Measured once for each network and size.
    """
    known = PLACED.setdefault(model, {})
    if (height, width) not in known:
        own = (model.height, model.width) if model.fixed_size else (height, width)
        found = measured(model, *own)
        known[height, width] = {
            size: (scaled(rows, height / own[0]), scaled(columns, width / own[1]))
            for size, (rows, columns) in found.items()
        }
    return known[height, width].get(tuple(grid))


def scaled(positions: Positions, factor: float) -> tuple[float, ...]:
    """Positions in an image that was resampled by that factor before the network saw it."""
    return tuple(((positions + 0.5) * factor - 0.5).tolist())


@torch.inference_mode(False)
def measured(model: Model, height: int, width: int) -> dict[tuple[int, int], tuple[Positions, Positions]]:
    """For each size that a feature map has, the positions of its rows and of its columns.

    Where the size changes, which cells of the map before a cell depends on is told by gradients, a few layers apart:
    in pixels most fields are larger than the image. Their middle is taken, and not where the gradients weigh most, for
    that is a matter of the weights. Maps of one size have one place: what lies between does not move them.
    """
    found = {(height, width): (np.arange(height, dtype=float), np.arange(width, dtype=float))}
    changes = size_changes(list_layers(model, height, width), (height, width))
    rng = torch.Generator().manual_seed(0)
    image = torch.rand(1, 3, height, width, generator=rng).to(model.device)
    with torch.enable_grad():
        image.requires_grad_()
        read = activations(model, image, dict.fromkeys(name for change in changes for name in change.layers))
        for change in changes:
            answer = read[change.name]
            mixed = (answer[0] * torch.randn(answer.shape[1], 1, 1, generator=rng).to(answer)).sum(0)
            for name in change.before:
                fields = Fields.of(mixed, read[name] if name else image)
                if fields is not None:
                    found[change.size] = (
                        fields.centres(0, change.size[0], found[fields.size][0]),
                        fields.centres(1, change.size[1], found[fields.size][1]),
                    )
                    break
    return found


@dataclass(frozen=True)
class SizeChange:
    """The first layer of a size, and the layers before it, the nearest first; "" is the image."""

    name: str
    size: tuple[int, int]
    before: tuple[str, ...]

    @property
    def layers(self) -> tuple[str, ...]:
        return (self.name, *filter(None, self.before))


def size_changes(layers: Sequence[Layer], image: tuple[int, int]) -> list[SizeChange]:
    """Where feature maps get another size than any before them."""
    found: list[SizeChange] = []
    known, last = {image}, ""
    for layer in layers:
        if layer.axes not in PLANES:
            continue
        size = layer.height, layer.width
        if size not in known:
            before = dict.fromkeys((last, *(change.name for change in reversed(found)), ""))
            found.append(SizeChange(layer.name, size, tuple(before)))
            known.add(size)
        last = layer.name
    return found


@dataclass(frozen=True, eq=False)
class Fields:
    """Of some cells of a map: which rows and columns of a map before it they depend on.

    size   of that map before it, in cells
    cells  [cells, 2], rows and columns
    first  [cells, 2], the first row and column each depends on
    last   [cells, 2], the last ones
    """

    size: tuple[int, int]
    cells: Int64[np.ndarray, "n 2"]
    first: Int64[np.ndarray, "n 2"]
    last: Int64[np.ndarray, "n 2"]

    @classmethod
    def of(cls, answer: Float[Tensor, "rows columns"], before: Float[Tensor, "1 _ _ _"]) -> "Fields | None":
        """None where it does not depend on the map before."""
        ends = [np.linspace(0, length - 1, CELLS).round().astype(np.int64) for length in answer.shape]
        rows = []
        for row, column in dict.fromkeys(zip(*ends, strict=True)):
            (gradient,) = torch.autograd.grad(answer[row, column], before, retain_graph=True, allow_unused=True)
            if gradient is None:
                return None
            sizes = gradient[0].abs().amax(0).cpu().numpy()
            touched = np.argwhere(sizes > FAINT * sizes.max())
            if len(touched):
                rows.append(((row, column), touched.min(0), touched.max(0)))
        if not rows:
            return None
        cells, first, last = (np.array(each) for each in zip(*rows, strict=True))
        return cls((before.shape[2], before.shape[3]), cells, first, last)

    def centres(self, axis: int, count: int, before: Positions) -> Positions:
        """Where along an axis of the image so many cells are centred, if those of the map before it are there."""
        return along(before, self.places(axis, count)) if count > 1 else np.array([before.mean()])

    def places(self, axis: int, count: int) -> Positions:
        """Where along an axis of the map before it so many cells are centred, in cells of that map.

        From those whose fields the border does not cut; cells at the border are as far apart as others.
        """
        before, cells = self.size[axis], self.cells[:, axis]
        first, last = self.first[:, axis], self.last[:, axis]
        inner = (first > 0) & (last < before - 1)
        if not inner.any():
            inner = last - first == (last - first).max()
        if count > before or (last - first)[inner].max() == before - 1:  # enlarged, or all depend on all
            return scaled_places(before, count)
        cells, first, last = cells[inner], first[inner], last[inner]
        stride = stride_of(cells, (first + last) / 2, before / count)
        return stride * np.arange(count) + (np.min(first - stride * cells) + np.max(last - stride * cells)) / 2


def stride_of(cells: Int64[np.ndarray, " n"], middles: Float64[np.ndarray, " n"], ratio: float) -> float:
    """How far apart neighbouring cells lie, a whole number of cells before; of one cell only by how many there are."""
    if len(set(cells.tolist())) < 2:
        return float(max(1, round(ratio)))
    return float(max(1, round(np.polyfit(cells, middles, 1)[0])))


def scaled_places(before: int, count: int) -> Positions:
    """Cells spread evenly over those before."""
    return (np.arange(count) + 0.5) * before / count - 0.5


def along(positions: Positions, places: Positions) -> Positions:
    """Positions at places between and beyond those that have one."""
    if len(positions) == 1:
        return np.full(len(places), positions[0])
    left = np.clip(np.floor(places).astype(int), 0, len(positions) - 2)
    return positions[left] + (places - left) * (positions[left + 1] - positions[left])
