"""The maps at all layers of a network, from one forward and one backward pass."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from torch import Tensor

from ..machine import WithinMemory
from ..models.handle import Question
from ..models.model import Model
from ..objectives import Objective
from .attribute import NO_PICTURE, AttributionFrame, attribute, tensor_of
from .cams import GradientCam
from .layer_gradients import every_gradient, layer_gradients
from .maps import Maps
from .placement import placed
from .subject import Subject


def attribute_layers(
    model: Model,
    images: Float[Tensor, "n 3 h w"],
    objective: Objective,
    method: GradientCam,
    layers: Sequence[str] = (),
) -> tuple[Maps, ...]:
    """What in each of the images, in [0, 1], the objective's score comes from, as each of the layers has it.

    layers  their names, in any order; none: the chart's blocks that the score depends on, first to last
    Raises ActvizError: an objective or layers that are not the model's, NotAllowed, OutOfMemory.
    """
    what = f"{method.title} at every layer of {len(images)} images"
    with WithinMemory(model.device, what, "Make them smaller."):
        subject = Subject.of(model, images, objective)
        found = layer_gradients(subject, layers) if layers else every_gradient(subject)
        return tuple(placed(model, method.of_layer(subject, each)) for each in found)


@dataclass(frozen=True, eq=False)
class AttributeLayers(Question):
    """The maps at the layers of pictures uint8 [n, h, w, 3], as a task."""

    images: np.ndarray
    objective: Objective
    method: GradientCam
    layers: tuple[str, ...] = ()

    def carry_out(self, models: Callable[[str, str], Model]) -> tuple[Maps, ...]:
        return attribute_layers(self.model(models), tensor_of(self.images), self.objective, self.method, self.layers)


@dataclass(frozen=True, eq=False)
class AttributeEveryLayer(Question):
    """The work of a run that makes the map of pictures uint8 [n, h, w, 3], and then those at every layer."""

    images: np.ndarray
    objective: Objective
    method: GradientCam

    def begin(self, models: Callable[[str, str], Model]) -> Iterator[AttributionFrame]:
        asked = self.model(models), tensor_of(self.images), self.objective, self.method
        maps = attribute(*asked)
        yield AttributionFrame(1, NO_PICTURE, maps.score, maps=replace(maps, fraction=0.5))
        yield AttributionFrame(2, NO_PICTURE, maps.score, maps=maps, layers=attribute_layers(*asked))
