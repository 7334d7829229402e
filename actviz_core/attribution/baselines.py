"""Baselines: images without what is to be explained, which a map compares an image with.

Each is blind to something: black to black pixels, blur to coarse shapes, the mean colour to what has that colour
(Sturmfels et al. 2020). Where the maps of two of them disagree, neither is to be trusted.
"""

from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from ..blur import blurred
from ..models.model import Model

Baseline = Literal["black", "white", "both", "blur", "noise", "mean"]
BASELINE_HELP = (
    "what the image is compared with: black, white, both of them averaged, the image blurred, noise (several draws "
    "averaged), or the network's mean colour, which is zero as the network sees it"
)
BLUR = 1 / 16  # of the shorter side, the standard deviation
DRAWS = 4  # of noise


def baselines(
    model: Model, images: Float[Tensor, "n 3 h w"], name: Baseline, seed: int = 0
) -> Float[Tensor, "draws n 3 h w"]:
    """For each image in [0, 1] the images of that name, over which a map is averaged.

    An image has the same whether it is alone or not.
    """
    flat = {"black": (0.0,), "white": (1.0,), "both": (0.0, 1.0)}
    if name in flat:
        return torch.stack([torch.full_like(images, value) for value in flat[name]])
    if name == "blur":
        return blurred(images, BLUR * min(images.shape[-2:]))[None]
    if name == "noise":
        draws = torch.rand(DRAWS, 1, *images.shape[1:], generator=torch.Generator().manual_seed(seed))
        return draws.to(images.device).expand(DRAWS, *images.shape)
    return mean_colour(model).to(images).view(1, 1, 3, 1, 1).expand(1, *images.shape)


def mean_colour(model: Model) -> Float[Tensor, "3"]:
    """In [0, 1]: what the network was normalized by, grey where it sees only that."""
    return torch.tensor((model.mean * 3)[:3])
