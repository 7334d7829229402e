"""Maps whose gradient goes back through ReLUs by a rule of its own: only what speaks for the target gets through."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from ..errors import NotAllowed
from ..models.layers import AnyModel, find_layer
from ..models.relu_rules import ReLURule, Rule
from ..settings import setting
from .cams import GradCam
from .gradients import pixel_maps
from .maps import Maps
from .method import Method
from .placement import placed, resized
from .subject import Subject


@dataclass(frozen=True)
class ThroughReLUs(Method):
    """What goes back by the rule, summed over a pixel's colours with its sign.

    The papers show the three colours as a picture. One number for each pixel keeps what they say in sum: above zero
    where a brighter pixel excites the target. NotAllowed where there is no ReLU before the target, or an activation
    function that has no rule.
    """

    rule: ClassVar[Rule]
    signed = True

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        return 2

    def improve(self, subject: Subject) -> Iterator[Maps]:
        scores, gradient = ruled_gradients(subject, self.rule, self.title)
        yield pixel_maps(subject, scores, gradient.sum(1), passes=2)


@dataclass(frozen=True)
class GuidedBackpropagation(ThroughReLUs):
    """Through a ReLU goes what is positive, where the ReLU let its input through."""

    rule = "guided"
    meaning = "Which edges and textures excite the units that excite the target."
    misleads = "It mostly draws the image's edges, whatever the target, and with random weights too (Nie et al. 2018)."
    source = "Springenberg et al. 2015"


@dataclass(frozen=True)
class Deconvolution(ThroughReLUs):
    """Through a ReLU goes what is positive, whatever its input was; pooling remembers where its maxima were."""

    rule = "deconvolution"
    meaning = "What pattern, laid back onto the image, would excite the target through these maxima."
    misleads = "It mostly draws the image's edges, and where a network pools by its stride alone, its own grid."
    source = "Zeiler & Fergus 2014"


@dataclass(frozen=True)
class GuidedGradCam(Method):
    """Guided backpropagation where Grad-CAM is, by which it is multiplied; Grad-CAM at the centres of its cells."""

    title = "Guided Grad-CAM"
    meaning = "Which edges and textures excite the target, in the region that Grad-CAM marks."
    misleads = "The edges are guided backpropagation's, the same for every target; only the region is the target's."
    source = "Selvaraju et al. 2017"
    signed = True

    layer: str = setting("", help="of Grad-CAM; empty: the last one with positions that the target depends on")

    def check(self, model: AnyModel, height: int, width: int) -> None:
        GradCam(self.layer).check(model, height, width)

    def passes(self, model: AnyModel, height: int, width: int) -> int:
        return 2 + GradCam(self.layer).passes(model, height, width)

    def improve(self, subject: Subject) -> Iterator[Maps]:
        scores, gradient = ruled_gradients(subject, "guided", self.title)
        region = placed(subject.model, GradCam(self.layer).last(subject))
        values = gradient.sum(1) * torch.from_numpy(resized(region)).to(gradient.device)
        yield pixel_maps(subject, scores, values, passes=2 + region.passes)


def ruled_gradients(subject: Subject, rule: Rule, title: str) -> tuple[Float[Tensor, " n"], Float[Tensor, "n 3 h w"]]:
    """Scores, and what goes back to the pixels by the rule."""
    model = subject.model
    for layer in subject.objective.layers:  # at first use this runs the network, beyond the target too
        find_layer(model, layer)
    _ = model.folded
    with ReLURule(rule, title, model.name) as ruled:
        scores, gradient = subject.pixel_gradients(subject.images)
    if not ruled.used:
        raise NotAllowed(
            f"{title} is the plain gradient here, as {model.name} has no ReLU before the target: choose saliency."
        )
    return scores, gradient
