"""The channels of a layer that a method tries one by one: which of them, and their weighted sum."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from ..models.centres import PLANES
from ..models.layers import AnyModel, find_layer, list_layers


def channels_of(model: AnyModel, layer: str, height: int, width: int) -> int:
    """How many channels a layer has; the last one with rows and columns where none is named."""
    if layer:
        return find_layer(model, layer, height, width).channels
    planes = (
        each for each in list_layers(model, height, width) if each.axes in PLANES and each.height * each.width > 1
    )
    return max((each.channels for each in list(planes)[-1:]), default=1)


def widest(activation: Float[Tensor, "n c rows columns"], most: int | None) -> Int64[Tensor, "n k"]:
    """Of each image the channels whose values spread most over the cells, those first; all of them for None."""
    spread = activation.flatten(2).std(2, correction=0)
    return torch.sort(spread, dim=1, descending=True, stable=True).indices[:, :most]


def of_channels(
    activation: Float[Tensor, "n c rows columns"], channels: Int64[Tensor, "n k"]
) -> Float[Tensor, "n k rows columns"]:
    """The maps of each image's channels."""
    return activation[torch.arange(len(channels), device=channels.device)[:, None], channels]


def weighted(
    activation: Float[Tensor, "n c rows columns"], channels: Int64[Tensor, "n k"], weights: Float[Tensor, "n k"]
) -> Float[Tensor, "n rows columns"]:
    """Each image's maps of these channels, added up with weights."""
    return (of_channels(activation, channels) * weights[:, :, None, None]).sum(1)
