"""Attribution: a map as an answer, and as the work of a run whose frames bring a better one each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from ..errors import ActvizError
from ..frames import Frame
from ..machine import WithinMemory
from ..models.handle import Question
from ..models.model import Model
from ..objectives import Objective
from .independence import check_independence
from .maps import Maps
from .method import Method
from .placement import placed
from .subject import Subject

ONE_IMAGE = 2  # passes, forward and back, that no variant of an image is beside
NO_PICTURE = np.zeros((0, 1, 1, 3), np.uint8)


def attribute(model: Model, images: Float[Tensor, "n 3 h w"], objective: Objective, method: Method) -> Maps:
    """What in each of the images, in [0, 1], the objective's score comes from.

    Raises ActvizError: an objective that is not the model's, NotAllowed, OutOfMemory, no image.
    """
    *_, last = attributed(model, images, objective, method)
    return last


def attributed(model: Model, images: Float[Tensor, "n 3 h w"], objective: Objective, method: Method) -> Iterator[Maps]:
    """The same, with every map on the way: each is better than the one before."""
    check_images(images)
    with WithinMemory(model.device, f"{method.title} of {len(images)} images", "Make them smaller."):
        method.check(model, *images.shape[-2:])
        if len(images) > 1 or method.passes(model, *images.shape[-2:]) > ONE_IMAGE:
            check_independence(model)
        for maps in method.improve(Subject.of(model, images, objective)):
            yield placed(model, maps)


def check_images(images: object) -> None:
    """ActvizError for what is no images: bytes of 0 to 255 would be taken for light."""
    if not isinstance(images, Tensor):
        raise ActvizError(f"images are a tensor, not {type(images).__name__}.")
    if images.dtype != torch.float32 or images.ndim != 4 or images.shape[1] != 3 or not len(images):
        told = f"{str(images.dtype).removeprefix('torch.')} {list(images.shape)}"
        raise ActvizError(f"images are float32 [n, 3, height, width] in [0, 1], n at least 1; these are {told}.")


def tensor_of(images: UInt8[np.ndarray, "n h w 3"]) -> Float[Tensor, "n 3 h w"]:
    """Pictures as networks take them."""
    return torch.from_numpy(np.array(images)).permute(0, 3, 1, 2).float() / 255


@dataclass(frozen=True, eq=False)
class AttributionFrame(Frame):
    """A map on its way: no picture, but the maps as they are after so many steps.

    layers  the maps at every layer, from the image on, where the work makes them too
    """

    maps: Maps | None = None
    layers: tuple[Maps, ...] = ()


@dataclass(frozen=True, eq=False)
class Attribute:
    """The work of a run that makes a map of pictures uint8 [n, h, w, 3]."""

    network: tuple[str, str]
    images: np.ndarray
    objective: Objective
    method: Method

    def begin(self, models: Callable[[str, str], Model]) -> Iterator[AttributionFrame]:
        found = attributed(models(*self.network), tensor_of(self.images), self.objective, self.method)
        for step, maps in enumerate(found, 1):
            yield AttributionFrame(step, NO_PICTURE, maps.score, maps=maps)


@dataclass(frozen=True, eq=False)
class AttributeAtOnce(Question):
    """The task of making a map of pictures uint8 [n, h, w, 3]: for methods that take one pass or two."""

    images: np.ndarray
    objective: Objective
    method: Method

    def carry_out(self, models: Callable[[str, str], Model]) -> Maps:
        return attribute(self.model(models), tensor_of(self.images), self.objective, self.method)
