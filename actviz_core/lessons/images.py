"""What a step's image comes to: its maps, and what the network says of it with a part covered."""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import UInt8

from ..attribution.attribute import attributed, tensor_of
from ..attribution.masking import masked
from ..attribution.method import Method
from ..attribution.prediction import predict
from ..dataset import framing, samples
from ..errors import NotAllowed
from ..models.model import Model
from ..objectives import ClassLogit, Objective, class_name
from ..registry import kind
from .lesson import StepImage
from .work import ImageWork

Rectangle = tuple[float, float, float, float]


def first_maps(image: StepImage, method: Method, models: Callable[[str, str], Model]) -> None:
    """Makes the first batch of a kind of maps. Raises ActvizError: what the network does not allow."""
    model = models(image.model, image.weights)
    picture = seen(image.sample, model)
    next(iter(attributed(model, tensor_of(picture[None]), explained(image, model, picture), method)))


def image_work(
    image: StepImage, covered: Sequence[Rectangle], method: str, models: Callable[[str, str], Model]
) -> ImageWork:
    """The image with grey rectangles over it.

    covered  (top, left, height, width) as shares of the picture's sides
    method   a kind of maps that is shown as well; "" for none
    Raises ActvizError: an objective that is not the network's.
    """
    model = models(image.model, image.weights)
    picture = seen(image.sample, model)
    mask = mask_of(covered, *picture.shape[:2])
    said = predict(model, masked(picture, mask, "grey"))
    asked = explained(image, model, picture).checked(model, *picture.shape[:2])
    likeliest = predict(model, picture, image.objective).ranked[:1]
    label = int(asked.label) if isinstance(asked, ClassLogit) else (likeliest or [None])[0]
    return ImageWork(
        masked=float(mask.mean()),
        probability=None if label is None else float(said.probabilities[label]),
        says=name_of(said.ranked[0], model) if len(said.probabilities) else "",
        methods=(*(kind(type(each)) for each in image.methods), *filter(None, (method,))),
    )


def explained(image: StepImage, model: Model, picture: UInt8[np.ndarray, "h w 3"]) -> Objective:
    """What maps are of: the likeliest class where the step names nothing."""
    if image.objective:
        return image.objective
    likeliest = predict(model, picture).ranked[:1]
    if not likeliest:
        raise NotAllowed(f"{image.model} has no classes; say which layer and channel of it is explained.")
    return ClassLogit(likeliest[0])


def name_of(label: int, model: Model) -> str:
    """The name of a class, or its index where it has none."""
    return model.labels[label] if label < len(model.labels) else class_name(label, ())


def seen(sample: str, model: Model) -> UInt8[np.ndarray, "h w 3"]:
    """What the network sees of a sample: its middle."""
    photograph, size = samples.sample(sample), (model.height, model.width)
    height, width = photograph.shape[:2]
    return framing.framed(photograph, framing.whole(height, width, size), size)


def mask_of(covered: Sequence[Rectangle], height: int, width: int) -> np.ndarray:
    """True where one of the rectangles is."""
    mask = np.zeros((height, width), bool)
    for top, left, rows, columns in covered:
        first, start = round(top * height), round(left * width)
        mask[first : round((top + rows) * height), start : round((left + columns) * width)] = True
    return mask
