"""Activations: what layers answer to images, as [n, channels, rows, columns]."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress

from jaxtyping import Float
from torch import Tensor, nn

from ..errors import ActvizError
from .hooks import Reached, hooked
from .layer import CANONICAL, NATIVE, OUTPUT
from .layers import find_layer
from .model import Model
from .outputs import replaced
from .sizes import explained, fitted

Change = Callable[[Tensor], Tensor]
"""What a layer answers, [n, channels, rows, columns] -> what goes on instead; it may be of another number of images."""

UNCHANGED: Mapping[str, Change] = {}


def activations(
    model: Model,
    images: Float[Tensor, "n 3 h w"],
    names: Iterable[str],
    reduced: bool = False,
    changed: Mapping[str, Change] = UNCHANGED,
) -> dict[str, Float[Tensor, "_ _ _ _"]]:
    """What the named layers answer to images in [0, 1], each as [n, channels, rows, columns].

    The forward pass stops at the last layer asked for. Gradients flow unless the caller forbids it. Networks of a fixed
    size see the images resampled. `reduced` is for whoever has switched autocast on; `changed` layers hand on what
    their function makes of their answer. Raises ActvizError: unknown layer, layer not reached, images too small for the
    network.
    """
    asked = tuple(dict.fromkeys(names))
    layers = {name: find_layer(model, name) for name in (*asked, *changed)}
    axes, paths = {name: layer.axes for name, layer in layers.items()}, [layer.module for layer in layers.values()]
    network = (model.reduced if reduced else model.folded.network) if model.folded.shows(paths) else model.network
    modules = {path: network if path == OUTPUT else network.get_submodule(path) for path in paths}
    capture = Capture(asked, axes, changed)
    with explained(model, images), suppress(Reached), hooked(modules, capture.leave):
        network(model.normalize(fitted(model, images)))
    for name in asked:
        if name not in capture.found:
            raise ActvizError(f"The layer {name!r} was not reached in the forward pass of {model.name}.")
    return {name: capture.found[name] for name in asked}


class Capture:
    """Keeps the outputs of the layers asked for, with these axes; `found` by name."""

    def __init__(self, asked: Collection[str], axes: Mapping[str, str], changed: Mapping[str, Change]) -> None:
        self.asked, self.axes, self.changed = asked, axes, changed
        self.found: dict[str, Tensor] = {}

    def leave(self, name: str, _module: nn.Module, _inputs: tuple, output: object) -> object:
        return replaced(output, lambda part, tensor: self.hand_on(name + part, tensor))

    def hand_on(self, name: str, tensor: Tensor) -> Tensor:
        """What the network goes on with: a clone, for it may change that in place (`out += identity`).

        The clone descends from what was kept, so that gradients of later layers with respect to it exist.
        """
        axes = self.axes.get(name)
        if axes is None:
            return tensor
        answer = CANONICAL[axes](tensor)
        if name in self.changed:
            answer = self.changed[name](answer)
        if name in self.asked:
            self.found[name] = answer
            if len(self.found) == len(self.asked):
                raise Reached
        return NATIVE[axes](answer).clone()
