"""Colours: axes along which natural images vary independently, and what a sigmoid makes of them."""

from functools import lru_cache

import torch
from torch import Tensor

from ..sums import each, mix

# Rows: red, green, blue. How the colours of natural images vary together, from Lucid (Olah et al. 2017).
COLOUR = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))
DARKEST = 0.005  # photographs are brought into [DARKEST, 1 - DARKEST], where the sigmoid can be inverted


@lru_cache(maxsize=8)
def colour_matrix(device: torch.device) -> Tensor:
    matrix = torch.tensor(COLOUR, device=device)
    return matrix / matrix.norm(dim=0).max()


@lru_cache(maxsize=8)
def colours_back(device: torch.device) -> Tensor:
    return torch.linalg.inv(colour_matrix(device))  # once: a device is waited for


def rgb(axes: Tensor) -> Tensor:
    """Uncorrelated colour axes [n, 3, h, w] -> images in [0, 1]."""
    return each(torch.sigmoid, mix(colour_matrix(axes.device), axes))


def from_rgb(images: Tensor) -> Tensor:
    logits = each(torch.logit, images.clamp(DARKEST, 1 - DARKEST))
    return mix(colours_back(images.device), logits)


def coloured(axes: Tensor, decorrelate: bool) -> Tensor:
    return rgb(axes) if decorrelate else each(torch.sigmoid, axes)


def uncoloured(images: Tensor, decorrelate: bool) -> Tensor:
    return from_rgb(images) if decorrelate else each(torch.logit, images.clamp(DARKEST, 1 - DARKEST))
