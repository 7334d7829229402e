"""Class activation maps: a layer's feature maps, weighted by the score's gradient by them and added up.

A GradientCam says in `combine` how; its map has the layer's cells. With one forward and one backward pass there is a
map for every layer (`every_layer.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ..models.layers import AnyModel, find_layer
from ..settings import setting
from ..sums import total
from .grids import check_positions
from .layer_gradients import LayerGradient, layer_gradient
from .maps import Maps
from .method import Method
from .subject import Subject


@dataclass(frozen=True)
class LayerMethod(Method):
    """What has a map with a layer's cells."""

    layer: str = setting("", help="whose feature maps; empty: the last one with positions that the target depends on")

    def check(self, model: AnyModel, height: int, width: int) -> None:
        if self.layer:
            check_positions(find_layer(model, self.layer, height, width))

    def drawn(
        self,
        subject: Subject,
        layer: str,
        scores: Float[Tensor, " n"],
        values: Float[Tensor, "n rows columns"],
        passes: int,
        fraction: float = 1.0,
        completeness: tuple[float, ...] = (),
    ) -> Maps:
        """Maps of these values; those below zero only where the method is signed."""
        array = values.detach().float().cpu().numpy()
        cut_off = () if self.signed else tuple((-array).clip(min=0).max((1, 2)).tolist())
        shown = array if self.signed else array.clip(min=0)
        scored = tuple(scores.tolist())
        return Maps(shown, scored, *subject.size, layer, fraction, passes, completeness, cut_off=cut_off)


def signed_setting() -> bool:
    """The field of methods that cut off what is below zero, unless told not to."""
    return setting(False, help="keep what is below zero, which speaks against the target")


@dataclass(frozen=True)
class GradientCam(LayerMethod):
    """What is made of a layer's activations and the score's gradient by them."""

    def combine(
        self, activation: Float[Tensor, "n c rows columns"], gradient: Float[Tensor, "n c rows columns"]
    ) -> Float[Tensor, "n rows columns"]:
        """The map, before what is below zero is cut off."""
        raise NotImplementedError

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        return 2

    def improve(self, subject: Subject) -> Iterator[Maps]:
        yield self.of_layer(subject, layer_gradient(subject, self.layer))

    def of_layer(self, subject: Subject, found: LayerGradient) -> Maps:
        """The maps at a layer whose gradient is known."""
        return self.drawn(subject, found.layer, found.scores, self.combine(found.activation, found.gradient), passes=2)


@dataclass(frozen=True)
class GradCam(GradientCam):
    """Feature maps weighted by the mean of their gradient; what is below zero is cut off."""

    title = "Grad-CAM"
    meaning = "Where the layer's channels that raise the score are active."
    misleads = "Channels are weighted as wholes: it may mark places that the score never used (Draelos & Carin 2020)."
    source = "Selvaraju et al. 2017"

    signed: bool = signed_setting()

    def combine(self, activation: Tensor, gradient: Tensor) -> Tensor:
        cells = gradient[0, 0].numel()
        return (over_cells(gradient) / cells * activation).sum(1)


@dataclass(frozen=True)
class GradCamPlusPlus(GradientCam):
    """Feature maps weighted by their positive gradients, each divided by 2 + gradient x the map's sum (eq. 19).

    That is g^2 / (2 g^2 + sum(A) g^3) of the paper, which takes the exponential of the score for granted; so the score
    should be a logit. A map whose sum is negative counts as one whose sum is zero: the paper's layers follow a ReLU.
    """

    title = "Grad-CAM++"
    meaning = "Where channels are active that raise the score anywhere, small objects and several of a kind included."
    misleads = (
        "Whatever lowers the score is left out, so it marks much of what is active; two classes look alike in it."
    )
    source = "Chattopadhyay et al. 2018"

    signed: bool = signed_setting()

    def combine(self, activation: Tensor, gradient: Tensor) -> Tensor:
        raising = gradient.clamp(min=0)
        weights = raising / (2 + over_cells(activation).clamp(min=0) * raising)
        return (over_cells(weights) * activation).sum(1)


@dataclass(frozen=True)
class HiresCam(GradientCam):
    """Gradient times activation, summed over the channels; what is below zero is cut off."""

    title = "HiResCAM"
    meaning = "Where the layer's activations raise the score, each place by its own gradient."
    misleads = "Exact only where what follows the layer is linear; in early layers the gradient is noisy."
    source = "Draelos & Carin 2020"

    signed: bool = signed_setting()

    def combine(self, activation: Tensor, gradient: Tensor) -> Tensor:
        return (gradient * activation).sum(1)


@dataclass(frozen=True)
class LayerCam(GradientCam):
    """Activations times their positive gradients, summed over the channels."""

    title = "Layer-CAM"
    meaning = "Where activations are that would raise the score if they grew; fine in early layers too."
    misleads = "Evidence against the target never counts, so it may look the same for two targets."
    source = "Jiang et al. 2021"

    signed: bool = signed_setting()

    def combine(self, activation: Tensor, gradient: Tensor) -> Tensor:
        return (gradient.clamp(min=0) * activation).sum(1)


@dataclass(frozen=True)
class GradientTimesActivation(GradientCam):
    """Gradient times activation, summed over the channels, with its sign."""

    title = "Gradient x activation"
    meaning = "Where the layer's activations raise the score, and where they lower it."
    misleads = "It says what the activations bring were everything behind the layer linear."
    source = "Shrikumar et al. 2016, at a layer"
    signed = True

    def combine(self, activation: Tensor, gradient: Tensor) -> Tensor:
        return (gradient * activation).sum(1)


@dataclass(frozen=True)
class EigenCam(GradientCam):
    """The first principal component of the layer's activations; the target has no part in it.

    Its sign, which is arbitrary, is such that it is large where the activations are.
    """

    title = "Eigen-CAM (class-free)"
    meaning = "What varies most within the image at this layer, whatever the target: it only chooses the usual layer."
    misleads = "It looks the same for every class: it does not say what made the network decide."
    source = "Muhammad & Yeasin 2020"

    signed: bool = signed_setting()

    def combine(self, activation: Tensor, gradient: Tensor) -> Tensor:
        return principal(activation)


def over_cells(values: Float[Tensor, "n c rows columns"]) -> Float[Tensor, "n c 1 1"]:
    """The sum of each channel, whatever the number of threads and of images.

    Of one image whose channels lie next to each other in memory `flatten` is a view, of several a copy in another
    order, and the order decides in which steps a sum is taken.
    """
    return total(values.contiguous().flatten(0, 1)).view(*values.shape[:2], 1, 1)


def principal(activation: Float[Tensor, "n c rows columns"]) -> Float[Tensor, "n rows columns"]:
    """The cells' coordinates along the direction in which they differ most.

    Of channels by channels, or of cells by cells, whichever is the smaller matrix: both have the same eigenvalues.
    """
    cells = activation.detach().cpu().double().flatten(2)
    centred = cells - cells.mean(2, keepdim=True)
    if centred.shape[1] <= centred.shape[2]:
        vectors = torch.linalg.eigh(centred @ centred.mT).eigenvectors[:, :, -1]
        found = (centred * vectors[:, :, None]).sum(1)
    else:
        squares, vectors = torch.linalg.eigh(centred.mT @ centred)
        found = vectors[:, :, -1] * squares[:, -1:].clamp(min=0).sqrt()
    strength = cells.square().sum(1)
    leaning = (found * (strength - strength.mean(1, keepdim=True))).sum(1, keepdim=True)
    return torch.where(leaning < 0, -found, found).unflatten(1, activation.shape[2:])
