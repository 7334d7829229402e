"""Maxima: the largest number in each channel's feature map of each image, and where it is."""

from collections.abc import Iterable
from contextlib import suppress

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from ..errors import ActvizError
from .hooks import Reached, hooked
from .layer import CANONICAL, OUTPUT
from .layers import find_layer
from .model import Model
from .outputs import parts
from .sizes import explained, fitted

Maxima = tuple[Float[Tensor, "n _"], Int[Tensor, "n _"]]


@torch.inference_mode()
def maxima(model: Model, images: Float[Tensor, "n 3 h w"], names: Iterable[str]) -> dict[str, Maxima]:
    """Of the named layers, for images in [0, 1]: values, and the first place of each in its map, row by row.

    All from one pass, none of whose maps is kept. Raises ActvizError: unknown layer, layer not reached, images too
    small for the network, numbers that are not finite.
    """
    axes = {name: find_layer(model, name).axes for name in names}
    paths = {find_layer(model, name).module for name in axes}
    network = model.folded.network if model.folded.shows(paths) else model.network
    modules = {path: network if path == OUTPUT else network.get_submodule(path) for path in paths}
    found: dict[str, Maxima] = {}

    def leave(name: str, _module: nn.Module, _inputs: tuple, output: object) -> None:
        for part, tensor in parts(output):
            if name + part in axes:
                found[name + part] = tuple(CANONICAL[axes[name + part]](tensor).flatten(2).max(2))
        if len(found) == len(axes):
            raise Reached

    with explained(model, images), suppress(Reached), hooked(modules, leave):
        network(model.normalize(fitted(model, images)))
    for name in axes:
        if name not in found:
            raise ActvizError(f"The layer {name!r} was not reached in the forward pass of {model.name}.")
        if not found[name][0].isfinite().all():
            raise ActvizError(f"The layer {name!r} of {model.name} answers an image with numbers that are not finite.")
    return {name: found[name] for name in axes}
