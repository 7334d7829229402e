"""Feature maps: what every channel of a layer answers to an image, as small numbers for a screen."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import torch
from jaxtyping import Float, Float32, Int8, UInt8
from torch import Tensor
from torch.nn import functional as F

from ..errors import ActvizError, NotAllowed
from ..machine import WithinMemory
from ..models.activations import activations
from ..models.handle import Question
from ..models.layer import Layer
from ..models.layers import find_layer
from ..models.model import Model
from .attribute import tensor_of
from .grids import grid_of
from .prediction import Prediction, class_output, probabilities_of

LARGEST = 2**18  # cells of a sheet
STEPS = 127  # of a channel's scale, to each side of zero


@dataclass(frozen=True, eq=False)
class FeatureMaps:
    """What the channels of a layer answer to one image; a value is `values` / 127 x the top of its channel.

    tops        the largest absolute value of each channel's map; 0 where all of it is 0
    peaks       the largest value of each channel's map
    reduced     how many rows and columns stand for one here, by their value farthest from zero; 1: all are there
    prediction  what the network says of the image
    """

    layer: str
    values: Int8[np.ndarray, "channels rows columns"] = field(repr=False)
    tops: Float32[np.ndarray, " channels"] = field(repr=False)
    peaks: Float32[np.ndarray, " channels"] = field(repr=False)
    reduced: int
    prediction: Prediction = field(repr=False)


@torch.no_grad()
def feature_maps(model: Model, image: UInt8[np.ndarray, "h w 3"], layer: str) -> FeatureMaps:
    """What every channel of the layer answers to a picture.

    Raises ActvizError: an unknown layer, answers that are no numbers, OutOfMemory.
    """
    height, width = image.shape[:2]
    found_layer = find_layer(model, layer, height, width)
    name = found_layer.name
    output = class_output(model, height, width)
    with WithinMemory(model.device, f"an image of {height} x {width}", "Make it smaller."):
        found = activations(model, tensor_of(image[None]).to(model.device), filter(None, (name, output)))
    maps = laid_out(found[name], model, found_layer, height, width)[0].float()
    peaks, tops = maps.amax((1, 2)), maps.abs().amax((1, 2))
    if not bool(tops.isfinite().all()):
        raise ActvizError(
            f"the layer {layer!r} of {model.name} answers this image with numbers that are too large or none at all."
        )
    by = reduction(*maps.shape)
    small = reduced(maps, by)
    values = (small / tops.clamp(min=torch.finfo(tops.dtype).tiny)[:, None, None] * STEPS).round().to(torch.int8)
    prediction = Prediction(probabilities_of(found[output])[0]) if output else Prediction()
    return FeatureMaps(layer, values.cpu().numpy(), tops.cpu().numpy(), peaks.cpu().numpy(), by, prediction)


def laid_out(
    answer: Float[Tensor, "n c _ _"], model: Model, layer: Layer, height: int, width: int
) -> Float[Tensor, "n c rows columns"]:
    """Tokens as the patches of the image that they stand for, without those that stand for none; all else as it is."""
    if not layer.tokens:
        return answer
    with suppress(NotAllowed):  # tokens of no patches: a column of them
        return grid_of(model, layer, height, width).laid_out(answer)
    return answer


def reduction(channels: int, rows: int, columns: int) -> int:
    """By how much both sides of maps are divided so that a sheet of them is not too large."""
    by = 1
    while channels * -(-rows // by) * -(-columns // by) > LARGEST and by < max(rows, columns):
        by += 1
    return by


def reduced(
    maps: Float[Tensor, "channels rows columns"], by: int
) -> Float[Tensor, "channels small_rows small_columns"]:
    """Of each square of so many rows and columns the value that is farthest from zero."""
    if by == 1:
        return maps
    highest = F.max_pool2d(maps, by, ceil_mode=True)
    lowest = -F.max_pool2d(-maps, by, ceil_mode=True)
    return torch.where(highest >= -lowest, highest, lowest)


@dataclass(frozen=True, eq=False)
class LayerMaps(Question):
    """The task of looking at a layer's answers to a picture uint8 [h, w, 3]."""

    image: np.ndarray
    layer: str

    def carry_out(self, models: Callable[[str, str], Model]) -> FeatureMaps:
        return feature_maps(self.model(models), self.image, self.layer)
