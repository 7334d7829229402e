"""The scores of several images, each with its own objective or all with one."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from ..machine import constant
from .objective import Activations, Objective, Scores
from .units import gathered


def scores_of(objectives: tuple[Objective, ...], activations: Activations, count: int) -> Float[Tensor, " count"]:
    """Each image's objective on its views, mean over the views; activations [views * count, ...] by layer."""
    views = len(next(iter(activations.values()))) // count
    if views == 1:
        return scores_of_view(objectives, activations)
    parts = {name: values.unflatten(0, (views, count)) for name, values in activations.items()}
    each = [{name: values[view] for name, values in parts.items()} for view in range(views)]
    scores = [scores_of_view(objectives, view) for view in each]
    # A sum down several columns adds in another order than one down a single column, as that of an image alone is.
    return torch.stack(scores, 1).mean(1) if len(objectives) > 1 else torch.stack(scores).mean(0)


def scores_of_view(objectives: tuple[Objective, ...], activations: Activations) -> Scores:
    """Each image's objective on one view of each."""
    if len(objectives) == 1:
        return objectives[0](activations)
    if found := gathered(objectives):  # else each image would send back a gradient of all images' size
        layer, channels, objective = found
        values = activations[layer]
        which = (constant(numbers, torch.int64, values.device) for numbers in (tuple(range(len(values))), channels))
        found = values[*which].unsqueeze(1)
        return objective({layer: found if values.stride(3) == 1 else spaced(found)})
    return torch.stack([objective(activations)[index] for index, objective in enumerate(objectives)])


def spaced(values: Tensor) -> Tensor:
    """The same with gaps between the columns, as one channel of several has.

    On a CPU torch adds neighbours in memory in another order than numbers that lie apart.
    """
    return F.pad(values.unsqueeze(4), (0, 1))[..., 0] if values.device.type == "cpu" else values
