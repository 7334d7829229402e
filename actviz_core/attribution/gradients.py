"""Maps made of gradients of the score by the pixels."""

from collections.abc import Iterator
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from ..models.layers import AnyModel
from .baselines import baselines
from .maps import Maps
from .method import Method
from .subject import Subject


@dataclass(frozen=True)
class Saliency(Method):
    """Absolute gradient of the score by each pixel, the largest of its colours."""

    meaning = "Where the smallest change of a pixel changes the score most."
    misleads = "It says what would change the score, not what made it; gradients of deep networks are noisy."
    source = "Simonyan et al. 2014"

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        return 2

    def improve(self, subject: Subject) -> Iterator[Maps]:
        scores, gradient = subject.pixel_gradients(subject.images)
        yield pixel_maps(subject, scores, largest(gradient), passes=2)


@dataclass(frozen=True)
class InputXGradient(Method):
    """Gradient times pixel, summed over the colours, as the network sees them: zero is its mean colour."""

    title = "Input x gradient"
    meaning = "How much of the score a pixel brings, were the network linear."
    misleads = "Pixels of the network's mean colour get zero whatever they mean."
    source = "Shrikumar et al. 2016"
    signed = True

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        return 2

    def improve(self, subject: Subject) -> Iterator[Maps]:
        scores, gradient = subject.pixel_gradients(subject.images)
        (grey,) = baselines(subject.model, subject.images, "mean")
        yield pixel_maps(subject, scores, ((subject.images - grey) * gradient).sum(1), passes=2)


def largest(gradient: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n h w"]:
    """The largest absolute value of a pixel's colours."""
    return gradient.abs().amax(1)


def pixel_maps(
    subject: Subject,
    scores: Float[Tensor, " n"],
    values: Float[Tensor, "n h w"],
    passes: int,
    fraction: float = 1.0,
    completeness: tuple[float, ...] = (),
) -> Maps:
    """Maps with a value for each pixel."""
    array = values.detach().float().cpu().numpy()
    return Maps(array, tuple(scores.tolist()), *subject.size, "", fraction, passes, completeness)
