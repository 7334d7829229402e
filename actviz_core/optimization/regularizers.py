"""Regularizers: what keeps a picture from becoming noise.

A penalty is images [n, 3, h, w] in [0, 1] -> [n], never negative; its weight times it is subtracted from the score.
It is a mean over pixels, like a channel's score, so a weight means the same at every size.
An operator changes the picture after a step, in Yosinski's order (2015): decay, blur, small norm, small contribution.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
from jaxtyping import Float
from torch import Tensor

from ..blur import blurred
from ..registry import register_kinds
from ..settings import Checked, setting
from ..sums import each, mean, total

GREY = 0.5

Images = Float[Tensor, "n 3 h w"]


class Regularizer(Checked):
    """Off at weight 0."""

    weight: float

    @property
    def active(self) -> bool:
        """Whether it has any say."""
        return self.weight > 0


class Penalty(Regularizer):
    """Subtracted from the score, times its weight."""

    def penalty(self, images: Images) -> Float[Tensor, " n"]:
        """Images [n, 3, h, w] in [0, 1] -> [n], never negative."""
        raise NotImplementedError


class Operator(Regularizer):
    """Changes the picture after a step."""

    def due(self, iteration: int) -> bool:
        """Whether it is this iteration's turn; the first is 1."""
        return True

    def operate(self, images: Images, gradient: Images, grey: Float[Tensor, "3 1 1"]) -> Images:
        """Images in [0, 1] and the loss's gradient, [n, 3, h, w] -> images; `grey` [3, 1, 1] is the network's zero."""
        raise NotImplementedError


def penalty_weight(help: str, *, label: str = "", high: float = 100.0, step: float = 0.1) -> float:
    """The field of a penalty that says how much it counts; 0: not at all."""
    return setting(0.0, low=0.0, high=high, step=step, help=help, log=True, label=label)


def share(help: str, *, label: str) -> float:
    """The field of an operator that says how many of the pixels it changes; 0: none."""
    return setting(0.0, low=0.0, high=99.0, step=1.0, unit="%", help=help, label=label)


@dataclass(frozen=True)
class TotalVariation(Penalty):
    """Mean absolute difference between neighbours, down plus across: smooths."""

    weight: float = penalty_weight("smooths: neighbouring pixels should be alike")

    def penalty(self, images: Images) -> Float[Tensor, " n"]:
        down, across = images.diff(dim=2).abs(), images.diff(dim=3).abs()
        return mean(down) + mean(across)


@dataclass(frozen=True)
class L1(Penalty):
    """Mean distance from grey: keeps only what matters."""

    weight: float = penalty_weight("pulls towards grey, all pixels alike", label="L1 norm")

    def penalty(self, images: Images) -> Float[Tensor, " n"]:
        return mean((images - GREY).abs())


@dataclass(frozen=True)
class L2(Penalty):
    """Mean squared distance from grey: tames strong contrast."""

    weight: float = penalty_weight("pulls towards grey, strong pixels most", label="L2 norm")

    def penalty(self, images: Images) -> Float[Tensor, " n"]:
        return mean((images - GREY).square())


@dataclass(frozen=True)
class Lp(Penalty):
    """Mean |2 (image - grey)|^power: only the extremes pay (keras-vis: power 6, weight 10)."""

    weight: float = penalty_weight("keeps pixels off pure black and white", label="Lp norm")
    power: float = setting(
        6.0, low=1.0, high=12.0, step=0.5, help="higher: only the extremes pay", label="Power of the Lp norm"
    )

    def penalty(self, images: Images) -> Float[Tensor, " n"]:
        return mean(each(lambda values: values.pow(self.power), (2 * (images - GREY)).abs()))


@dataclass(frozen=True)
class HighFrequency(Penalty):
    """Power above half the Nyquist frequency, per pixel: against fine checkerboards."""

    weight: float = penalty_weight(
        "against fine checkerboard patterns", label="High frequencies", high=1000.0, step=1.0
    )

    def penalty(self, images: Images) -> Float[Tensor, " n"]:
        spectrum = torch.fft.rfft2(images, norm="ortho")
        return (
            total(torch.view_as_real(spectrum).square().sum(-1) * high_waves(*images.shape[2:], images.device))
            / images[0].numel()
        )


@dataclass(frozen=True)
class Boundary(Penalty):
    """Mean distance from grey within `pixels` of the edge: pushes the subject inwards."""

    weight: float = penalty_weight("pulls the picture's edge towards grey", label="Boundary")
    pixels: int = setting(12, low=1, high=64, step=1, unit="px", help="width of the edge", label="Boundary width")

    def penalty(self, images: Images) -> Float[Tensor, " n"]:
        edge = edge_of(self.pixels, *images.shape[2:], images.device)
        return total((images - GREY).abs() * edge) / (total(edge).sum() * images.shape[1])


@dataclass(frozen=True)
class Decay(Operator):
    """After each step the picture keeps 1 - weight of its distance from the network's mean colour."""

    weight: float = setting(
        0.0,
        low=0.0,
        high=1.0,
        step=0.0001,
        help="share of the contrast lost in each iteration",
        log=True,
        label="Decay",
    )

    def operate(self, images: Images, gradient: Images, grey: Float[Tensor, "3 1 1"]) -> Images:
        return grey + (images - grey) * (1 - self.weight)


@dataclass(frozen=True)
class Blur(Operator):
    """A Gaussian blur of the picture itself after every `every`-th step."""

    weight: float = setting(
        0.0,
        low=0.0,
        high=4.0,
        step=0.05,
        unit="px",
        help="standard deviation of a blur of the picture itself",
        label="Blur after a step",
    )
    every: int = setting(
        4, low=1, high=50, step=1, unit="iterations", help="how often the picture is blurred", label="Blur every"
    )

    def due(self, iteration: int) -> bool:
        return iteration % self.every == 0

    def operate(self, images: Images, gradient: Images, grey: Float[Tensor, "3 1 1"]) -> Images:
        return blurred(images, self.weight)


@dataclass(frozen=True)
class SmallNorm(Operator):
    """Pixels whose colour is closest to the mean become the mean: the quietest `weight` percent."""

    weight: float = share(
        "share of the pixels, those closest to grey, that become grey in each iteration", label="Clip small norms"
    )

    def operate(self, images: Images, gradient: Images, grey: Float[Tensor, "3 1 1"]) -> Images:
        return kept_above(self.weight, (images - grey).square().sum(1, keepdim=True).sqrt(), images, grey)


@dataclass(frozen=True)
class SmallContribution(Operator):
    """Pixels that contribute least to the score become the mean: |sum over channels of (image - mean) x gradient|."""

    weight: float = share(
        "share of the pixels, those that matter least to the score, that become grey in each iteration",
        label="Clip contributions",
    )

    def operate(self, images: Images, gradient: Images, grey: Float[Tensor, "3 1 1"]) -> Images:
        return kept_above(self.weight, ((images - grey) * gradient).sum(1, keepdim=True).abs(), images, grey)


@lru_cache(maxsize=32)
def high_waves(height: int, width: int, device: torch.device) -> Tensor:
    """How often each entry of a half spectrum counts: not at all below half the Nyquist frequency."""
    rows = torch.fft.fftfreq(height, device=device)[:, None]
    columns = torch.fft.rfftfreq(width, device=device)
    # Each column frequency is there once, but 0 and Nyquist stand for one, the others for two.
    return (torch.maximum(rows.abs(), columns) > 0.25) * torch.where((columns > 0) & (columns < 0.5), 2.0, 1.0)


@lru_cache(maxsize=32)
def edge_of(pixels: int, height: int, width: int, device: torch.device) -> Tensor:
    """One at the edge, zero within."""
    edge = torch.ones(height, width, device=device)
    edge[pixels:-pixels, pixels:-pixels] = 0
    return edge


REGULARIZERS = register_kinds(
    Regularizer, TotalVariation, L1, L2, Lp, HighFrequency, Boundary, Decay, Blur, SmallNorm, SmallContribution
)
"""The kinds of regularizers that recipes and the page may name."""


def kept_above(percent: float, amount: Tensor, images: Tensor, grey: Tensor) -> Tensor:
    """The images where amount [n, 1, h, w] reaches its percentile, grey elsewhere."""
    limit = torch.quantile(amount.flatten(1), percent / 100, dim=1)[:, None, None, None]
    return torch.where(amount >= limit, images, grey)
