"""Maps made of many gradients: those of an image under noise, drawn again and again.

The noise of a sample is the same for every image, each in its own strength, so an image has the same map alone and
among others.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ..models.layers import AnyModel
from ..settings import setting
from .gradients import largest, pixel_maps
from .maps import Maps
from .method import Method
from .subject import Subject, at_once


@dataclass(frozen=True)
class Smoothed(Method):
    """What is made of the gradients by an image's pixels under noise: their mean and their variance."""

    samples: int = setting(50, low=2, high=1000, step=1, log=True, unit="images", help="with noise of their own")
    noise: float = setting(
        0.15,
        low=0.0,
        high=1.0,
        step=0.01,
        help="standard deviation, as a share of the range from the image's least to its greatest value",
    )
    seed: int = setting(0, low=0, high=2**31 - 1, step=1, help="of the noise")

    def drawn(self, mean: Float[Tensor, "n 3 h w"], variance: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n h w"]:
        raise NotImplementedError

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        return 1 + 2 * self.samples

    def improve(self, subject: Subject) -> Iterator[Maps]:
        """A map after each batch of samples."""
        scores, rng = subject.scores(subject.images), torch.Generator().manual_seed(self.seed)
        strength = self.noise * (subject.images.amax((1, 2, 3)) - subject.images.amin((1, 2, 3))).view(-1, 1, 1, 1)
        mean, deviations, done = torch.zeros_like(subject.images), torch.zeros_like(subject.images), 0
        while done < self.samples:
            noise = noises(rng, min(at_once(subject), self.samples - done), subject.images)
            _, gradients = subject.pixel_gradients((subject.images + strength * noise).flatten(0, 1))
            for gradient in gradients.unflatten(0, noise.shape[:2]):  # Welford 1962: no difference of two large sums
                done += 1
                change = gradient - mean
                mean.add_(change, alpha=1 / done)
                deviations.addcmul_(change, gradient - mean)
            values = self.drawn(mean, deviations / done)
            yield pixel_maps(subject, scores, values, 1 + 2 * done, done / self.samples)


@dataclass(frozen=True)
class SmoothGrad(Smoothed):
    """Mean of the gradients of the score under noise: absolute, the largest of a pixel's colours.

    As in the paper their signs count in the mean; captum takes absolute values first unless told otherwise.
    """

    title = "SmoothGrad"
    meaning = "Where a change of a pixel changes the score, whatever the small noise on the image."
    misleads = "Much noise makes it smooth whatever the network learned; it explains images that are not quite yours."
    source = "Smilkov et al. 2017"

    def drawn(self, mean: Tensor, variance: Tensor) -> Tensor:
        return largest(mean)


@dataclass(frozen=True)
class VarGrad(Smoothed):
    """Variance of the gradients of the score under noise, the largest of a pixel's colours."""

    title = "VarGrad"
    meaning = "Where noise on the image changes most what a pixel does to the score."
    misleads = "It says where the gradient is unsteady, not what it is: a pixel that always counts the same gets zero."
    source = "Adebayo et al. 2018"

    def drawn(self, mean: Tensor, variance: Tensor) -> Tensor:
        return largest(variance)


def noises(rng: torch.Generator, count: int, images: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "count n 3 h w"]:
    """Normal numbers, one after the other, so the number at once changes none; the same for every image."""
    each = [torch.randn(1, *images.shape[1:], generator=rng) for _ in range(count)]
    return torch.stack(each).to(images.device).expand(count, *images.shape)
