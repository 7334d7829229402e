"""Subject: what a map is about, images and the objective whose score they are asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ..errors import ActvizError, NotAllowed
from ..models.activations import UNCHANGED, Change, activations
from ..models.model import Model
from ..objectives import Objective, Sum

Activations = dict[str, Float[Tensor, "n _ _ _"]]


@dataclass(frozen=True, eq=False)
class Subject:
    """Images in [0, 1] on the model's device, and an objective whose names are the model's."""

    model: Model
    images: Float[Tensor, "n 3 h w"]
    objective: Objective

    @classmethod
    def of(cls, model: Model, images: Float[Tensor, "n 3 h w"], objective: Objective) -> "Subject":
        """Raises ActvizError: an objective that is not the model's, or scores images by each other."""
        terms = objective.terms if isinstance(objective, Sum) else ()
        for each in [term.objective for term in terms] or [objective]:
            if not each.alone:
                raise ActvizError(f"{each.title} compares images with each other: no map of one image explains it.")
        return cls(model, images.detach().to(model.device), objective.checked(model, *images.shape[-2:]))

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the images, in pixels."""
        return self.images.shape[-2], self.images.shape[-1]

    def activations(
        self, images: Float[Tensor, "m 3 h w"], layers: Iterable[str] = (), changed: Mapping[str, Change] = UNCHANGED
    ) -> Activations:
        """What the objective's layers answer to images, and those layers; gradients flow unless forbidden."""
        return activations(self.model, images, dict.fromkeys((*layers, *self.objective.layers)), changed=changed)

    def scores(self, images: Float[Tensor, "m 3 h w"]) -> Float[Tensor, " m"]:
        """The objective's score of other images of that size, without gradients."""
        with torch.no_grad():
            return self.objective(self.activations(images))

    def pixel_gradients(self, images: Float[Tensor, "m 3 h w"]) -> tuple[Float[Tensor, " m"], Float[Tensor, "m 3 h w"]]:
        """Scores, and the gradient of each image's score by its pixels.

        Raises NotAllowed where the score does not depend on them.
        """
        scores, _, (found,) = self.gradients(images)
        if found is None:
            raise NotAllowed("the target does not depend on the image: choose another one.")
        return scores, found

    def gradients(
        self, images: Float[Tensor, "m 3 h w"], layers: Sequence[str] = ()
    ) -> tuple[Float[Tensor, " m"], Activations, list[Tensor | None]]:
        """Scores, activations, and the gradient of each image's score by the layers' activations, or by its pixels.

        Nothing is kept for the way back before the first of the layers. None for one that the score does not depend on.
        """
        with torch.enable_grad():
            images = images.detach().requires_grad_(not layers)
            read = self.activations(images, layers, dict.fromkeys(layers, followed))
            scores = self.objective(read)
            asked, found = [read[layer] for layer in layers] or [images], [None] * len(layers)
            if scores.requires_grad:
                found = torch.autograd.grad(scores.sum(), asked, allow_unused=True)
            elif not layers:
                raise NotAllowed("the target does not depend on the image: choose another one.")
        return scores.detach(), {name: values.detach() for name, values in read.items()}, list(found)


def followed(answer: Tensor) -> Tensor:
    """A layer's answer, of which there is a gradient whatever came before."""
    return answer if answer.requires_grad else answer.detach().requires_grad_()


AT_ONCE = {"cpu": 4}  # images in a pass; on two cores no more of them are faster, and a map is there sooner


def at_once(subject: Subject) -> int:
    """How many variants of each image are to go through the network in one pass."""
    return max(1, AT_ONCE.get(subject.images.device.type, 16) // len(subject.images))
