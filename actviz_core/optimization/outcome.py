"""The outcome of one iteration, still on the device, and what a frame shows of it and of the picture."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ..sums import root_mean_square
from .spec import Spec


@dataclass(frozen=True, eq=False)
class Outcome:
    """Scores [n], penalties [n] by regularizer's name, gradient of the loss by the images [n, 3, h, w]."""

    score: Tensor
    penalties: dict[str, Tensor]
    gradient: Tensor

    @torch.no_grad()
    def numbers(self) -> Tensor:
        """Of each picture its score, then of each the root mean square of its gradient, then each penalty's mean."""
        penalties = [penalty.mean()[None] for penalty in self.penalties.values()]
        return torch.cat([self.score, root_mean_square(self.gradient), *penalties])


STRONG = 3  # times the root mean square of a gradient: what is as large or larger is drawn black or white


@torch.no_grad()
def uphill_of(gradient: Tensor, spec: Spec) -> Tensor:
    """The loss's gradient [n, 3, h, w], turned uphill, as pictures at full size: uint8 [n, height, width, 3].

    128 is 0; each picture has a scale of its own.
    """
    scale = STRONG * root_mean_square(gradient)[:, None, None, None]
    return pixels_of((0.5 - gradient / (2 * scale.clamp(min=1e-30))).clamp(0, 1), spec)


@torch.no_grad()
def pixels_of(images: Tensor, spec: Spec) -> Tensor:
    """Pictures [n, 3, h, w] in [0, 1] at full size, uint8 [n, height, width, 3]."""
    if images.shape[2:] != spec.canvas:
        images = F.interpolate(images, spec.canvas, mode="bilinear", align_corners=False)
    pixels = images.mul(255).round_().to(torch.uint8, memory_format=torch.channels_last).permute(0, 2, 3, 1)
    return repeated_to(pixels, spec.height, spec.width) if spec.tile else pixels


def repeated_to(pixels: Tensor, height: int, width: int) -> Tensor:
    """Tiles [n, h, w, 3] repeated from the upper left corner on: [n, height, width, 3]."""
    down, across = -(-height // pixels.shape[1]), -(-width // pixels.shape[2])
    return pixels.repeat(1, down, across, 1)[:, :height, :width]
