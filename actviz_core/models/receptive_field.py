"""Receptive field: the part of an image that a layer's cell sees, in theory and in effect.

In theory it is all that can have a say (reach.py), and it is often larger than the image. In effect it is a fraction of
that, for what lies at its rim has few ways to the cell (Luo et al. 2016).

Circular padding is not followed: what a cell at the rim sees beyond it is not counted as the opposite rim.
"""

from dataclasses import dataclass
from math import inf, isinf
from weakref import WeakKeyDictionary

import numpy as np
import torch
from jaxtyping import Float, Float64
from torch import Tensor

from .activations import activations
from .centres import Centres, centres_of
from .handle import Models, Question
from .layers import AnyModel, find_layer
from .model import Model
from .reach import EVERYTHING, Size, reaches

IMAGES, MIXTURES = 2, 4  # of noise, and of channels, whose gradients are averaged
SHARE = 0.95  # of the gradient's energy lies in the effective field

Box = tuple[int, int, int, int]  # top, left, height, width

FOUND: WeakKeyDictionary[Model, dict] = WeakKeyDictionary()


@dataclass(frozen=True)
class ReceptiveField:
    """The fields of a layer's cells, in pixels of the network's picture.

    theoretical  height and width of all that can have a say in a cell; infinite where the whole image has
    effective    height and width of what holds 95 % of the gradient's energy, of a cell in the middle
    centres      of the cells: their rows and their columns
    size         height and width of the picture
    """

    theoretical: Size
    effective: Size
    centres: Centres
    size: tuple[int, int]

    def box(self, row: int, column: int, effective: bool = True) -> Box:
        """Top, left, height and width of a cell's field; it may reach beyond the picture.

        The whole picture where the field is infinite.
        """
        field = self.effective if effective else self.theoretical
        spans = [
            span(centre, length, whole)
            for centre, length, whole in zip(self.centre(row, column), field, self.size, strict=True)
        ]
        return spans[0][0], spans[1][0], spans[0][1], spans[1][1]

    def centre(self, row: int, column: int) -> tuple[float, float]:
        """Of a cell, counted from 0; of one that there is not, the nearest."""
        rows, columns = self.centres
        return rows[min(max(row, 0), len(rows) - 1)], columns[min(max(column, 0), len(columns) - 1)]


def span(centre: float, length: float, whole: int) -> tuple[int, int]:
    """The first pixel, and how many."""
    if isinf(length):
        return 0, whole
    return round(centre + 0.5 - length / 2), max(1, round(length))


@dataclass(frozen=True)
class FieldOf(Question):
    """The task of measuring the field of a layer's cells, in an image of that size or of the network's own."""

    layer: str
    height: int | None = None
    width: int | None = None

    def carry_out(self, models: Models) -> ReceptiveField:
        """Raises ActvizError: an unknown layer, an image too small."""
        return receptive_field(self.model(models), self.layer, self.height, self.width)


@dataclass(frozen=True)
class TheoreticalFields(Question):
    """The task of telling, for each layer, what can have a say in a cell, in an image of that size."""

    height: int
    width: int

    def carry_out(self, models: Models) -> dict[str, Size]:
        return theoretical_fields(self.model(models), self.height, self.width)


def theoretical_fields(model: AnyModel, height: int, width: int) -> dict[str, Size]:
    """By layer's name, height and width in pixels of what can have a say in a cell, in an image of that size.

    Infinite where the whole image has. Raises ImageTooSmall.
    """
    if not isinstance(model, Model):
        return model.ask(TheoreticalFields(model.network, height, width))
    own = (model.height, model.width) if model.fixed_size else (height, width)
    factors = height / own[0], width / own[1]
    return {layer: scaled(field, factors) for layer, field in reaches(model, *own).items()}


def receptive_field(model: Model, layer: str, height: int | None = None, width: int | None = None) -> ReceptiveField:
    """The fields of a layer's cells in an image of that size in pixels, of the network's own if none is given.

    Measured once for each layer and size. Cells of layers without rows and columns (tokens, logits) see the whole
    image. Raises ActvizError: an unknown layer, an image too small.
    """
    size = (height or model.height, width or model.width)
    known = FOUND.setdefault(model, {})
    if (layer, size) not in known:
        known[layer, size] = measured(model, layer, *size)
    return known[layer, size]


def measured(model: Model, layer: str, height: int, width: int) -> ReceptiveField:
    own = (model.height, model.width) if model.fixed_size else (height, width)
    found = find_layer(model, layer, *own)
    alone = found.tokens or found.height * found.width == 1
    centres = None if alone else centres_of(model, height, width, (found.height, found.width))
    if centres is None:
        return ReceptiveField(EVERYTHING, EVERYTHING, (((height - 1) / 2,), ((width - 1) / 2,)), (height, width))
    factors = height / own[0], width / own[1]
    theoretical = reaches(model, *own).get(layer, EVERYTHING)
    rows, columns = centres_of(model, *own, (found.height, found.width)) or centres
    energy = gradient_energy(model, layer, *own)
    within = extent(energy.sum(1), rows[len(rows) // 2]), extent(energy.sum(0), columns[len(columns) // 2])
    effective = min(within[0], theoretical[0]), min(within[1], theoretical[1])
    return ReceptiveField(scaled(theoretical, factors), scaled(effective, factors), centres, (height, width))


def scaled(field: Size, factors: Size) -> Size:
    """In pixels of an image that was resampled before the network saw it."""
    return field[0] * factors[0], field[1] * factors[1]


@torch.inference_mode(False)
def gradient_energy(model: Model, layer: str, height: int, width: int) -> Float64[np.ndarray, "h w"]:
    """For each pixel, the squared gradient of the cell in the middle, summed over channels and images of noise."""
    rng = torch.Generator().manual_seed(0)
    image = torch.rand(IMAGES, 3, height, width, generator=rng).to(model.device)
    with torch.enable_grad():
        answer = activations(model, image.requires_grad_(), (layer,))[layer]
        cell = answer[:, :, answer.shape[2] // 2, answer.shape[3] // 2]
        energy = torch.zeros(height, width, dtype=torch.float64)
        for _ in range(MIXTURES):
            mixture = torch.randn(cell.shape, generator=rng).to(cell)
            energy += energy_of((cell * mixture).sum(), image)
    return energy.numpy()


def energy_of(score: Tensor, image: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "h w"]:
    (gradient,) = torch.autograd.grad(score, image, retain_graph=True, allow_unused=True)
    return torch.zeros(image.shape[2:]) if gradient is None else gradient.double().square().sum((0, 1)).cpu()


def extent(energy: Float64[np.ndarray, " _"], centre: float) -> float:
    """The length around a centre outside of which lies half of what the effective field leaves out.

    Half, for the other axis leaves out as much. Infinite where there is no energy.
    """
    if not energy.sum() > 0:
        return inf
    distances = np.abs(np.arange(len(energy)) - centre) + 0.5
    order = np.argsort(distances, kind="stable")
    inside = np.cumsum(energy[order]) / energy.sum()
    return 2 * float(distances[order][np.searchsorted(inside, 1 - (1 - SHARE) / 2 - 1e-12)])
