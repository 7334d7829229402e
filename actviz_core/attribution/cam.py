"""CAM: the map that a network with pooling and one linear layer at its end is read from, exactly."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from ..errors import NotAllowed
from ..models.layers import AnyModel
from .cams import LayerMethod, over_cells
from .layer_gradients import LayerGradient, layer_gradient
from .maps import Maps
from .subject import Subject

PROBES = 4  # made-up images that show whether the score is linear in the means of the maps
TOLERANCE = 1e-3  # of the largest number


@dataclass(frozen=True)
class Cam(LayerMethod):
    """Feature maps weighted as the linear layer behind their mean weights them; its mean and a bias are the score.

    Whether the network is such a one is tried and not read from the names of its layers: the gradient has to be the
    same in all cells and for all images, and the score a sum.
    """

    title = "CAM"
    meaning = "How much each place brings to the score; the mean of all, and the bias, is the score."
    misleads = "A cell has seen far more of the image than the spot it is drawn on."
    source = "Zhou et al. 2016"
    signed = True

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        return 2 * (1 + PROBES)

    def improve(self, subject: Subject) -> Iterator[Maps]:
        images, count = subject.images, len(subject.images)
        probed = replace(subject, images=torch.cat((images, probes(images))))
        found = layer_gradient(probed, self.layer)
        bias = check_linear(found)
        cells = found.gradient[0, 0].numel()
        values = (over_cells(found.gradient) * found.activation).sum(1)[:count]
        expected = (found.scores - bias)[:count] * cells
        yield self.drawn(
            subject,
            found.layer,
            found.scores[:count],
            values,
            passes=self.passes(subject.model, *subject.size),
            completeness=tuple(expected.tolist()),
        )


def probes(images: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "m 3 h w"]:
    """Coloured patches, the same every time."""
    patches = torch.rand(PROBES, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    return F.interpolate(patches, images.shape[2:], mode="bilinear").to(images)


def check_linear(found: LayerGradient) -> float:
    """What is added to the mean of the maps. NotAllowed, saying why, where the score is not read from it linearly."""
    cells = found.gradient[0, 0].numel()
    weights = over_cells(found.gradient) / cells
    largest = found.gradient.abs().max() * TOLERANCE
    needed = (
        "CAM needs a network that ends with global average pooling and one linear layer: take HiResCAM or Grad-CAM."
    )
    if (found.gradient - weights).abs().max() > largest:
        raise NotAllowed(
            f"the score is not read from the mean of the feature maps of {found.layer}: what follows treats their "
            f"places differently. {needed}"
        )
    parts = weights * over_cells(found.activation)
    rest = found.scores - parts.flatten(1).sum(1)
    most = parts.abs().flatten(1).sum(1).max() + found.scores.abs().max()
    if (weights - weights[:1]).abs().max() > largest or rest.max() - rest.min() > most * TOLERANCE:
        raise NotAllowed(
            f"between the mean of the feature maps of {found.layer} and the score something is not linear, such as a "
            f"hidden layer with an activation function. {needed}"
        )
    return float(rest.mean())
