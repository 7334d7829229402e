"""Prediction: what a network says of an image, its classes' probabilities and the score of an objective."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import torch
from jaxtyping import Float, Float32, UInt8
from torch import Tensor

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


def predict(model: Model, image: UInt8[np.ndarray, "h w 3"], objective: Objective | None = None) -> Prediction:
    """What the network says of a picture; softmax of the means over the positions of its output.

    Raises ActvizError: an objective that is not the model's, OutOfMemory.
    """
    return predictions(model, image[None], objective)[0]


@torch.no_grad()
def predictions(
    model: Model, images: UInt8[np.ndarray, "n h w 3"], objective: Objective | None = None
) -> list[Prediction]:
    """The same of several pictures, in one pass."""
    height, width = images.shape[1:3]
    asked = objective.checked(model, height, width) if objective else None
    output = class_output(model, height, width)
    layers = [*([output] if output else []), *(asked.layers if asked else ())]
    if not layers:
        return [Prediction() for _ in images]
    with WithinMemory(model.device, f"{len(images)} images of {height} x {width}", "Make them smaller."):
        read = activations(model, tensor_of(images).to(model.device), dict.fromkeys(layers))
    scores = asked(read).tolist() if asked else [None] * len(images)
    if not output:
        return [Prediction(score=score) for score in scores]
    found = probabilities_of(read[output])
    return [Prediction(row, score) for row, score in zip(found, scores, strict=True)]


def class_output(model: Model, height: int, width: int) -> str:
    """The name of the layer whose channels are the classes; "" of a network without classes."""
    with suppress(ActvizError):
        return class_layer(model, height, width).name
    return ""


def probabilities_of(answers: Float[Tensor, "n classes rows columns"]) -> Float32[np.ndarray, "n classes"]:
    """Softmax of the means over the positions of the network's output."""
    return answers.mean((2, 3)).float().softmax(1).cpu().numpy()
