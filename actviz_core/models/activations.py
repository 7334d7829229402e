"""Activations: what layers answer to images, as [n, channels, rows, columns]."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from jaxtyping import Float
from torch import Tensor, nn

from ..errors import ActvizError
from .hooks import Reached, hooked
from .layer import CANONICAL, NATIVE, OUTPUT
from .layers import find_layer
from .model import Model
from .outputs import replaced
from .sizes import explained, fitted


def activations(
    model: Model, images: Float[Tensor, "n 3 h w"], names: Iterable[str], reduced: bool = False
) -> dict[str, Float[Tensor, "n _ _ _"]]:
    """What the named layers answer to images in [0, 1], each as [n, channels, rows, columns].

    The forward pass stops at the last layer asked for. Gradients flow unless the caller forbids it. Networks of a fixed
    size see the images resampled. `reduced` is for whoever has switched autocast on. Raises ActvizError: unknown layer,
    layer not reached, images too small for the network.
    """
    layers = {name: find_layer(model, name) for name in names}
    wanted, paths = {name: layer.axes for name, layer in layers.items()}, [layer.module for layer in layers.values()]
    network = (model.reduced if reduced else model.folded.network) if model.folded.shows(paths) else model.network
    modules = {path: network if path == OUTPUT else network.get_submodule(path) for path in paths}
    captured: dict[str, Tensor] = {}
    with explained(model, images), suppress(Reached), hooked(modules, partial(capture, wanted, captured)):
        network(model.normalize(fitted(model, images)))
    for name in wanted.keys() - captured.keys():
        raise ActvizError(f"The layer {name!r} was not reached in the forward pass of {model.name}.")
    return {name: captured[name] for name in wanted}


def capture(
    wanted: dict[str, str], captured: dict[str, Tensor], name: str, _module: nn.Module, _inputs: tuple, output: object
) -> object:
    """Keeps the output of a wanted layer and hands on a clone.

    The network may change that in place (`out += identity`). The clone descends from what was kept, so that gradients
    of later layers with respect to it exist.
    """

    def keep(part: str, tensor: Tensor) -> Tensor:
        axes = wanted.get(name + part)
        if axes is None:
            return tensor
        captured[name + part] = CANONICAL[axes](tensor)
        if len(captured) == len(wanted):
            raise Reached
        return NATIVE[axes](captured[name + part]).clone()

    return replaced(output, keep)
