"""Judgement: what the network says of a finished picture under views that it was not made with."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import UInt8

from ..machine import WithinMemory
from ..models.activations import activations
from ..models.model import Model
from ..objectives import Channel, ClassLogit, Neuron
from ..optimization.spec import Spec
from ..optimization.transforms import Jitter, Rotate, Scale
from ..optimization.views import views

VIEWS, SEED = 16, 2017
FIXED = (Jitter(16), Scale(0.9, 1.1), Rotate(10.0))


@dataclass(frozen=True)
class Judgement:
    """The mean score and the rank of the channel.

    `score` is the mean over 16 fixed random views; `rank` the place of the channel among all `of` the layer, 1 the
    strongest.
    """

    score: float
    rank: int | None = None
    of: int | None = None


@dataclass(frozen=True, eq=False)
class Judge:
    """The task of judging a picture uint8 [h, w, 3] of a spec."""

    spec: Spec
    image: np.ndarray

    @property
    def network(self) -> tuple[str, str]:
        return self.spec.model, self.spec.weights

    def carry_out(self, models: Callable[[str, str], Model]) -> Judgement:
        return judge(models(*self.network), self.spec, self.image)


@torch.no_grad()
def judge(model: Model, spec: Spec, image: UInt8[np.ndarray, "h w 3"]) -> Judgement:
    """A picture of a spec, under random views.

    They are shifts up to 16 px, scales of 0.9 to 1.1 and turns up to 10 degrees. Raises ActvizError where the objective
    is not the model's, OutOfMemory.
    """
    with WithinMemory(model.device, f"{VIEWS} views of {spec.height} x {spec.width}", "Make the picture smaller."):
        return judged(model, spec, image)


def judged(model: Model, spec: Spec, image: UInt8[np.ndarray, "h w 3"]) -> Judgement:
    objective = spec.objectives[0].checked(model, spec.height, spec.width)
    pictures = torch.from_numpy(image.copy()).to(model.device).permute(2, 0, 1)[None].repeat(VIEWS, 1, 1, 1) / 255
    grey = torch.full((3, 1, 1), 0.5, device=model.device)
    seen = views(pictures, FIXED, torch.Generator().manual_seed(SEED), grey)
    read = activations(model, seen, objective.layers)
    score = objective(read).mean().item()
    match objective:
        case Channel() | Neuron():
            channel = objective.channel
        case ClassLogit():
            channel = int(objective.label)
        case _:
            return Judgement(score)
    means = read[objective.layers[0]].mean((0, 2, 3))
    return Judgement(score, int((means > means[channel]).sum()) + 1, len(means))
