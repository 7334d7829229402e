"""Class activation maps: a layer's feature maps, weighted and added up.

A CamMethod says in `combine` how; its map has the layer's cells. With one forward and one backward pass there is a map
for every layer (`layer_maps`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from ..errors import NotAllowed
from ..models.layers import AnyModel, list_layers
from ..settings import setting
from .maps import Maps
from .method import Method
from .subject import Subject


@dataclass(frozen=True)
class GradientCam(Method):
    """What is made of a layer's activations and the score's gradient by them."""

    layer: str = setting("", help="whose feature maps; empty: the last one with positions that the target depends on")

    def combine(self, activation: Float[Tensor, "n c h w"], gradient: Float[Tensor, "n c h w"]) -> Tensor:
        """[n, rows, columns]"""
        raise NotImplementedError

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        return 2

    def steps(self, subject: Subject) -> Iterator[Maps]:
        layer = self.layer or usual_layer(subject)
        yield layer_maps(subject, self, [layer])[layer]


@dataclass(frozen=True)
class GradCam(GradientCam):
    """Feature maps weighted by the mean of their gradient; what is below zero is cut off."""

    title = "Grad-CAM"
    meaning = "Where the layer's channels that raise the score are active."
    misleads = "Channels are weighted as wholes: it may mark places that the score never used (Draelos & Carin 2020)."
    source = "Selvaraju et al. 2017"

    def combine(self, activation: Tensor, gradient: Tensor) -> Tensor:
        return (gradient.mean((2, 3), keepdim=True) * activation).sum(1).clamp(min=0)


def layer_maps(subject: Subject, method: GradientCam, layers: Sequence[str]) -> dict[str, Maps]:
    """The maps of several layers from one forward and one backward pass.

    Raises NotAllowed for a layer that the score does not depend on.
    """
    scores, read, gradients = subject.gradients(subject.images, layers)
    found = {}
    for layer, gradient in zip(layers, gradients, strict=True):
        if gradient is None:
            raise NotAllowed(f"the target does not depend on the layer {layer}: choose one that comes before it.")
        values = method.combine(read[layer], gradient).float().cpu().numpy()
        found[layer] = Maps(values, tuple(scores.tolist()), *subject.size, layer, passes=2)
    return found


def usual_layer(subject: Subject) -> str:
    """The last layer with positions, up to the one that the score is read from."""
    names = set(subject.objective.layers)
    found = ""
    for layer in list_layers(subject.model, *subject.size):
        if layer.height * layer.width > 1:
            found = layer.name
        if layer.name in names:
            break
    if not found:
        raise NotAllowed("no layer before the target has positions, so none of its maps can be drawn on an image.")
    return found
