"""Optimizers: how a gradient becomes a step. torch's own do the stepping, down the gradient of the loss."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor

from ..registry import register_kinds
from ..settings import Checked, setting
from ..sums import mean, total

SIZES: dict[str, Callable[[Tensor], Tensor]] = {
    "mean": lambda gradient: mean(gradient.abs()),
    "rms": lambda gradient: mean(gradient.square()).sqrt(),
    "norm": lambda gradient: total(gradient.square()).sqrt(),
}


class Optimizer(Checked):
    """How a gradient becomes a step: a value that builds one of torch's optimizers for a run's parameters."""

    def build(self, parameters: list[Tensor]) -> torch.optim.Optimizer:
        """For tensors of any shape, which it changes in place; its learning rate is set before each step."""
        raise NotImplementedError

    def rate(self, learning_rate: float, progress: float) -> float:
        """The learning rate when the run is that far, from 0 to 1."""
        return learning_rate

    @property
    def capturable(self) -> bool:
        """Whether a step can be part of a CUDA graph, with a learning rate that lies on the device."""
        return False

    @property
    def steady(self) -> bool:
        """Whether the learning rate alone says how long a step is, whatever the size of the gradient."""
        return False

    def prepare(self, gradient: Tensor, learning_rate: float | Tensor) -> None:
        """Changes the gradient of the parameters in place, before the step; first axis the images."""


@dataclass(frozen=True)
class Adam(Optimizer):
    """A step of its own size for every parameter (Kingma & Ba 2014)."""

    beta1: float = setting(
        0.9, low=0.0, high=0.999, step=0.05, help="memory for the direction; lower reacts faster", label="Beta 1"
    )
    beta2: float = setting(0.999, low=0.0, high=0.9999, step=0.01, help="memory for the size of a step", label="Beta 2")
    cooling: float = setting(
        0.0,
        low=0.0,
        high=1.0,
        step=0.05,
        help="share of the run, at its end, in which the learning rate falls to a tenth",
        label="Cooldown",
    )

    def rate(self, learning_rate: float, progress: float) -> float:
        warm = 1 - self.cooling
        return learning_rate * (1 - 0.9 * (progress - warm) / self.cooling if progress > warm else 1)

    @property
    def capturable(self) -> bool:
        return True

    @property
    def steady(self) -> bool:
        return True

    def build(self, parameters: list[Tensor]) -> torch.optim.Optimizer:
        on_cuda = parameters[0].device.type == "cuda"
        return torch.optim.Adam(parameters, betas=(self.beta1, self.beta2), fused=True, capturable=on_cuda)


@dataclass(frozen=True)
class NAdam(Optimizer):
    """Adam that looks one step ahead (Dozat 2016); MACO's choice."""

    beta1: float = setting(
        0.9, low=0.0, high=0.999, step=0.05, help="memory for the direction; lower reacts faster", label="Beta 1"
    )
    beta2: float = setting(0.999, low=0.0, high=0.9999, step=0.01, help="memory for the size of a step", label="Beta 2")

    @property
    def steady(self) -> bool:
        return True

    def build(self, parameters: list[Tensor]) -> torch.optim.Optimizer:
        return torch.optim.NAdam(parameters, betas=(self.beta1, self.beta2))


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient ascent with momentum."""

    momentum: float = setting(
        0.9, low=0.0, high=0.999, step=0.05, help="share of the last step that is repeated", label="Momentum"
    )

    def build(self, parameters: list[Tensor]) -> torch.optim.Optimizer:
        return torch.optim.SGD(parameters, momentum=self.momentum)


@dataclass(frozen=True)
class GradientAscent(Optimizer):
    """Gradient ascent without memory.

    normalize  "none": learning rate x gradient; "mean": / mean |gradient| (DeepDream); "rms": / root mean square
               (Chollet's book, 2017); "norm": / its length; each image by itself
    progress   above 0: Yosinski's learning rate min(learning rate, progress / |gradient|^2), per image
    """

    kind_name: ClassVar[str] = "ascent"  # in recipes
    title: ClassVar[str] = "Gradient ascent"  # on the page

    normalize: Literal["none", "mean", "rms", "norm"] = setting(
        "none",
        help="what the gradient is divided by",
        label="Gradient divided by",
    )
    progress: float = setting(
        0.0, low=0.0, high=100.0, step=0.5, help="desired rise of the score in one step; 0: off", label="Rise per step"
    )

    @property
    def steady(self) -> bool:
        return self.normalize in ("mean", "rms") and not self.progress

    def build(self, parameters: list[Tensor]) -> torch.optim.Optimizer:
        return torch.optim.SGD(parameters)

    def prepare(self, gradient: Tensor, learning_rate: float | Tensor) -> None:
        if self.normalize != "none":
            gradient /= along(SIZES[self.normalize](gradient), gradient)
        if self.progress and learning_rate:
            wanted = self.progress / along(total(gradient.square()), gradient)
            gradient *= (wanted / learning_rate).clamp(max=1)


OPTIMIZERS = register_kinds(Optimizer, Adam, NAdam, SGD, GradientAscent)
"""The kinds of optimizers that recipes and the page may name."""


def along(per_image: Tensor, like: Tensor) -> Tensor:
    """[n] -> [n, 1, 1, ...], never zero."""
    return per_image.clamp(min=1e-12).view(-1, *[1] * (like.dim() - 1))
