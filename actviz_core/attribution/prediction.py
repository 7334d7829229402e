"""Prediction: what a network says of an image, its classes' probabilities and the score of an objective."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import torch
from jaxtyping import Float32

from ..errors import ActvizError
from ..machine import WithinMemory
from ..models.activations import activations
from ..models.model import Model
from ..objectives import Objective, class_layer
from .attribute import tensor_of


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a network says of one image, as plain data that any thread may read.

    probabilities  of its classes, in their order, adding up to 1; empty for a network without classes
    score          what the objective gives for the image; None where none was asked for
    """

    probabilities: Float32[np.ndarray, " classes"] = field(default_factory=lambda: np.zeros(0, np.float32))
    score: float | None = None

    @property
    def ranked(self) -> list[int]:
        """The classes, the likeliest first; of equal ones the first first."""
        return np.argsort(-self.probabilities, kind="stable").tolist()


@dataclass(frozen=True, eq=False)
class Predict:
    """The task of predicting a picture uint8 [h, w, 3], and of scoring it by an objective."""

    network: tuple[str, str]
    image: np.ndarray
    objective: Objective | None = None

    def carry_out(self, models: Callable[[str, str], Model]) -> Prediction:
        """Raises ActvizError: an objective that is not the model's, OutOfMemory."""
        return predict(models(*self.network), self.image, self.objective)


@torch.no_grad()
def predict(model: Model, image: np.ndarray, objective: Objective | None = None) -> Prediction:
    """What the network says of a picture uint8 [h, w, 3]; softmax of the means over the positions of its output."""
    height, width = image.shape[:2]
    asked = objective.checked(model, height, width) if objective else None
    output = ""
    with suppress(ActvizError):  # a network without classes
        output = class_layer(model, height, width).name
    layers = [*([output] if output else []), *(asked.layers if asked else ())]
    if not layers:
        return Prediction()
    with WithinMemory(model.device, f"an image of {height} x {width}", "Make it smaller."):
        read = activations(model, tensor_of(image[None]).to(model.device), dict.fromkeys(layers))
    score = asked(read).item() if asked else None
    if not output:
        return Prediction(score=score)
    return Prediction(read[output].mean((2, 3)).float().softmax(1)[0].cpu().numpy(), score)
