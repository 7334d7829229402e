"""Gains: what each channel of a layer brings a score in a second image beyond what it brought in a first one."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32
from torch import Tensor

from ..machine import WithinMemory
from ..models.model import Model
from ..objectives import Objective
from .cams import over_cells
from .layer_gradients import layer_gradient
from .subject import Subject


@dataclass(frozen=True, eq=False)
class ChannelGains:
    """By channel, how much more activation times gradient, summed over the cells, is in the second image.

    before, after  the score of the first and of the second image

    An estimate: where what follows the layer is not linear, the gains do not add up to the rise of the score.
    """

    layer: str
    gains: Float32[np.ndarray, " channels"]
    before: float
    after: float

    @property
    def rise(self) -> float:
        return self.after - self.before

    def share(self, channel: int) -> float | None:
        """What a channel gained as a share of the rise; None where nothing rose."""
        return float(self.gains[channel]) / self.rise if self.rise > 0 else None

    def strongest(self, most: int) -> tuple[int, ...]:
        """The channels that gained most, those first."""
        return tuple(np.argsort(-self.gains, kind="stable")[:most].tolist())


def channel_gains(model: Model, images: Float[Tensor, "2 3 h w"], objective: Objective, layer: str) -> ChannelGains:
    """From the first of two images in [0, 1] to the second.

    Raises ActvizError: an objective or a layer that is not the model's, NotAllowed, OutOfMemory.
    """
    with WithinMemory(model.device, "gradients of two images", "Make them smaller."):
        found = layer_gradient(Subject.of(model, images, objective), layer)
        brought = over_cells(found.activation * found.gradient)[:, :, 0, 0]
    before, after = found.scores.tolist()
    return ChannelGains(layer, (brought[1] - brought[0]).float().cpu().numpy(), before, after)
