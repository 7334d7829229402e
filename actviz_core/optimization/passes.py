"""A forward pass: the views that a run wants the network to see, and the layers of it that it wants to read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ..machine import constant
from ..models.activations import activations
from ..models.model import Model
from ..models.redirected_relu import redirected_relus

Work = tuple[tuple[str, ...], tuple[int, ...], bool, bool]


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """Views [v, 3, h, w] in [0, 1] on their way through the network.

    redirected  ReLUs that let no gradient through pass it on
    reduced     in 16 bits
    """

    model: Model
    views: Tensor
    layers: tuple[str, ...]
    redirected: bool = False
    reduced: bool = False

    @property
    def work(self) -> Work:
        """What a view costs hangs on this; passes through one network that agree in it may be one batch."""
        return self.layers, tuple(self.views.shape[1:]), self.redirected, self.reduced

    def activations(self) -> dict[str, Tensor]:
        """What the layers answer, by name: float32 [v, channels, rows, columns].

        Raises ActvizError: unknown layer, layer not reached, views too small for the network.
        """
        autocast = torch.autocast(self.model.device.type, torch.bfloat16, enabled=self.reduced)
        with redirected_relus(self.redirected), autocast:
            found = activations(self.model, self.views, self.layers, self.reduced)
        return {name: values.float() for name, values in found.items()}


def activations_of(passes: Sequence[ForwardPass]) -> list[dict[str, Tensor]]:
    """What each of several passes that agree reads, by one batch of all their views."""
    if len(passes) == 1:  # what is one is not joined or split: each such step is a copy on the way back
        return [passes[0].activations()]
    batch = replace(passes[0], views=torch.cat([each.views for each in passes]))
    sizes = [len(each.views) for each in passes]
    parts = {name: values.split(sizes) for name, values in batch.activations().items()}
    return [{name: values[place] for name, values in parts.items()} for place in range(len(passes))]


def gradients_of(losses: Sequence[Tensor], variables: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Of the sum of all losses [n], by each variable; back through the network once."""
    ones = [constant((1.0,) * len(loss), loss.dtype, loss.device) for loss in losses]
    return torch.autograd.grad(losses, variables, ones)
