"""Masking: a region of a picture covered by something else, and what the network says then.

No cover is neutral: a flat one makes edges of its own, and a blurred one keeps outlines (Sturmfels et al. 2020).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Bool, Int, UInt8
from PIL import Image, ImageFilter

from ..errors import ActvizError, near
from ..models.centres import Centres
from ..models.model import Model
from ..objectives import Objective
from .prediction import Prediction, predict

Fill = Literal["grey", "blur", "mean", "patch"]
GREY = 128
BLUR = 1 / 16  # of the shorter side, the standard deviation
RIM = 1 / 32  # of the shorter side: how far the surroundings of a region go


def masked(
    image: UInt8[np.ndarray, "h w 3"],
    mask: Bool[np.ndarray, "_ _"],
    fill: Fill,
    patch: UInt8[np.ndarray, "_ _ 3"] | None = None,
) -> UInt8[np.ndarray, "h w 3"]:
    """The image with something else where the mask is true.

    fill   grey; blur: the image itself, blurred; mean: the mean colour of what surrounds the region; patch: another
           image of the same size
    Raises ActvizError: an unknown fill, a mask or a patch of another size, no patch.
    """
    if mask.shape != image.shape[:2]:
        raise ActvizError(f"the mask has {sides(mask)} pixels; it must have those of the image, {sides(image)}.")
    return np.where(mask[..., None], cover(image, mask, fill, patch), image)


def cover(image: np.ndarray, mask: np.ndarray, fill: str, patch: np.ndarray | None = None) -> np.ndarray:
    """What lies under a mask, wherever that is: broadcasts to the image."""
    match fill:
        case "grey":
            return np.full((1, 1, 3), GREY, np.uint8)
        case "blur":
            radius = BLUR * min(mask.shape)
            return np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(radius)))
        case "mean":
            return mean_around(image, mask)
        case "patch":
            if patch is None or patch.shape != image.shape:
                given = "none is given" if patch is None else f"it has {sides(patch)} pixels"
                raise ActvizError(f"the patch must be an image of the same size, {sides(image)}; {given}.")
            return patch
        case _:
            raise ActvizError(f"nothing is known to fill a region with {fill!r}{near(fill, get_args(Fill))}.")


def mean_around(image: UInt8[np.ndarray, "h w 3"], mask: Bool[np.ndarray, "h w"]) -> UInt8[np.ndarray, "1 1 3"]:
    """The mean colour of the pixels around a region; of the whole image where nothing is around it."""
    around = grown(mask, max(1, round(RIM * min(mask.shape))))
    seen = image[around & ~mask] if (around & ~mask).any() else image.reshape(-1, 3)
    return seen.mean(0).round().astype(np.uint8)[None, None]


def grown(mask: Bool[np.ndarray, "h w"], reach: int) -> Bool[np.ndarray, "h w"]:
    """The region and what is at most so many rows and columns away from it."""
    for _ in range(2):
        counts = np.pad(mask.T, ((reach + 1, reach), (0, 0))).cumsum(0)
        mask = counts[2 * reach + 1 :] > counts[: -2 * reach - 1]
    return mask


def cell_numbers(height: int, width: int, rows: int, columns: int) -> Int[np.ndarray, "height width"]:
    """Of each pixel the number of its cell, row by row, where the picture is cut into rows x columns."""
    row, column = np.arange(height) * rows // height, np.arange(width) * columns // width
    return row[:, None] * columns + column


def nearest_cells(height: int, width: int, centres: Centres) -> Int[np.ndarray, "height width"]:
    """Of each pixel the number of the cell whose centre is nearest; a cell may have none, where centres meet."""
    row, column = (
        np.abs(np.arange(side)[:, None] - np.array(places)).argmin(1)
        for side, places in zip((height, width), centres, strict=True)
    )
    return row[:, None] * len(centres[1]) + column


def sides(image: np.ndarray) -> str:
    return f"{image.shape[0]} x {image.shape[1]}"


@dataclass(frozen=True, eq=False)
class Touch:
    """The task of predicting a picture uint8 [h, w, 3] with a region of it covered."""

    network: tuple[str, str]
    image: np.ndarray
    mask: np.ndarray
    fill: Fill = "grey"
    objective: Objective | None = None
    patch: np.ndarray | None = None

    def carry_out(self, models: Callable[[str, str], Model]) -> Prediction:
        """Raises ActvizError: what `masked` refuses, an objective that is not the model's, OutOfMemory."""
        picture = masked(self.image, self.mask, self.fill, self.patch)
        return predict(models(*self.network), picture, self.objective)
