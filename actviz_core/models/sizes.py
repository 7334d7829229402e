"""Sizes of images that a network takes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from ..errors import ImageTooSmall
from .examination import takes
from .model import Model

TOO_SMALL = re.compile(
    "kernel size can't be greater|output size is too small|padding size should be less|non-zero size"
    "|sizes should be greater than 0|negative dimension|expected more than 1",
    re.IGNORECASE,
)


@contextmanager
def explained(model: Model, images: Float[Tensor, "n 3 h w"]) -> Iterator[None]:
    """Turns the many errors that images too small for a network cause into one.

    Others, out of memory among them, pass.
    """
    try:
        yield
    except (RuntimeError, ValueError) as problem:
        if not TOO_SMALL.search(str(problem)):
            raise
        raise ImageTooSmall(model.name, *images.shape[-2:], enough=smallest(model)) from problem


def fitted(model: Model, images: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n 3 _ _"]:
    size = (model.height, model.width)
    if not model.fixed_size or images.shape[-2:] == size:
        return images
    return F.interpolate(images, size, mode="bilinear", antialias=False)


def smallest(model: Model) -> int:
    """The smallest square of a multiple of 16 pixels that the network takes."""
    squares = (torch.zeros(1, 3, side, side, device=model.device) for side in range(16, model.height, 16))
    return next((square.shape[-1] for square in squares if takes(model, square)), model.height)
