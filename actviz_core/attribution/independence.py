"""Independence: whether a network's answer to an image is the same whatever images are beside it.

Methods send several variants of an image through at once, and each must count as if it had come alone.
"""

from weakref import WeakKeyDictionary

import torch

from ..errors import NotAllowed
from ..models.model import Model
from ..models.outputs import parts

TOLERANCE = 1e-3  # of the largest number; kernels that look at the number of images differ by some 1e-6
INDEPENDENT: WeakKeyDictionary[Model, bool] = WeakKeyDictionary()


def check_independence(model: Model) -> None:
    """NotAllowed for a network that mixes the images of a batch; asked with two images, once for each network."""
    if model not in INDEPENDENT:
        INDEPENDENT[model] = is_independent(model)
    if not INDEPENDENT[model]:
        raise NotAllowed(
            "the network's answer to an image depends on the images beside it (a batch norm with "
            "track_running_stats=False?), and no map of one image would be right. Give its norms running statistics."
        )


@torch.no_grad()
def is_independent(model: Model) -> bool:
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(2, 3, model.height, model.width, generator=generator)
    images[1] *= 0.2  # another mean and spread
    images = images.to(model.device)
    alone, beside = (dict(parts(model(each))) for each in (images[:1], images))
    return not any(  # what is no number is told by who makes the map
        float((answer[0].float() - beside[name][0].float()).abs().max())
        > TOLERANCE * max(float(answer.float().abs().max()), 1e-12)
        for name, answer in alone.items()
        if answer.numel() and answer.shape[1:] == beside[name].shape[1:]
    )
