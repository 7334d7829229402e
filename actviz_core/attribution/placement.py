"""Placement: maps drawn where in the image their cells lie."""

from dataclasses import replace

import numpy as np
from jaxtyping import Float32

from ..models.centres import Positions, centres_of, scaled, scaled_places
from ..models.model import Model
from .maps import Maps


def placed(model: Model, maps: Maps) -> Maps:
    """The maps with the centres of their cells, where these are a layer's."""
    if not maps.layer:
        return maps
    return replace(maps, centres=centres_of(model, maps.height, maps.width, maps.values.shape[1:]))


def resized(
    maps: Maps, plain: bool = False, size: tuple[int, int] | None = None
) -> Float32[np.ndarray, "n height width"]:
    """The maps as pictures: linear between the centres of the cells, those at the border extended.

    plain  as every resizing does it (torch's bilinear without aligned corners), as if each cell's field were its share
           of the image: for comparisons with programs that draw them so
    size   height and width, in pixels; that of the maps' images if not given
    """
    height, width = size or (maps.height, maps.width)
    _, rows, columns = maps.values.shape
    if (rows, columns) == (height, width):
        return maps.values
    centres = maps.centres
    if plain or centres is None:
        return spread(maps.values, scaled_places(height, rows), scaled_places(width, columns), height, width)
    down, across = (
        np.array(scaled(np.array(each), side / own))
        for each, side, own in zip(centres, (height, width), (maps.height, maps.width), strict=True)
    )
    return spread(maps.values, down, across, height, width)


def spread(
    values: Float32[np.ndarray, "n rows columns"], rows: Positions, columns: Positions, height: int, width: int
) -> Float32[np.ndarray, "n height width"]:
    """Values at positions as a picture of that size."""
    return interpolated(interpolated(values.astype(np.float64), rows, height, 1), columns, width, 2).astype(np.float32)


def interpolated(values: np.ndarray, positions: Positions, length: int, axis: int) -> np.ndarray:
    """Values at positions along an axis as values at its pixels; beyond the outermost positions theirs.

    Not as a product of matrices: NumPy's library for these keeps threads of its own spinning after each, and torch's
    wait for them.
    """
    if len(positions) == 1:
        return np.repeat(values, length, axis)
    pixels = np.arange(length)
    right = np.clip(np.searchsorted(positions, pixels), 1, len(positions) - 1)
    before, after = positions[right - 1], positions[right]
    share = np.clip((pixels - before) / (after - before), 0, 1)
    share = share.reshape([-1 if each == axis else 1 for each in range(values.ndim)])
    return values.take(right - 1, axis) * (1 - share) + values.take(right, axis) * share
