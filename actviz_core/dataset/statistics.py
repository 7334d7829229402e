"""Statistics of a layer: what an index keeps of all that its channels answer to every image."""

import zlib

import numpy as np
from jaxtyping import Float32, Int32

from .index import KEPT, QUANTILES, UNIT

OFTEN = 3.0  # times the odds that the outermost ring has by its share of the map
FEW = 3  # images in the ring say nothing


def units(
    layer: str,
    values: Float32[np.ndarray, "n channels"],
    places: Int32[np.ndarray, "n channels"],
    height: int,
    width: int,
) -> np.ndarray:
    """An entry of UNIT for each channel. Of images with equal values those with lower numbers come first.

    values, places  the largest number of each image's map of height x width, and its place row by row
    """
    images, channels = values.shape
    count = min(KEPT, images)
    order = np.argsort(-values, axis=0, kind="stable")
    spread = order[::-1][np.linspace(0, images - 1, count).round().astype(int)]
    chosen = np.stack((order[:count], drawn(layer, images, channels, count), spread))
    found = np.zeros(channels, UNIT)
    found["patches"]["image"] = -1
    rows, columns = np.divmod(places, width)
    for name, numbers in (("image", None), ("row", rows), ("column", columns), ("value", values)):
        part = chosen if numbers is None else np.stack([np.take_along_axis(numbers, each, 0) for each in chosen])
        found["patches"][name][:, :, :count] = part.transpose(2, 0, 1)
    highest = np.take_along_axis(values, order[:1], 0)
    ranks = np.linspace(0, images - 1, min(images, QUANTILES)).round().astype(int)
    found["quantiles"] = highest.T
    found["quantiles"][:, : len(ranks)] = np.take_along_axis(values, order[::-1][ranks], 0).T
    found["tied"] = (values == highest).sum(0)
    found["at_border"] = at_border(rows, columns, values != 0, height, width)
    found["dead"] = ~values.any(0)
    return found


def drawn(layer: str, images: int, channels: int, count: int) -> np.ndarray:
    """Images for each channel, [count, channels], by a seed of its own."""
    name = zlib.crc32(layer.encode())
    draws = (np.random.default_rng([name, channel]).choice(images, count, replace=False) for channel in range(channels))
    return np.stack(list(draws), axis=1)


def at_border(rows: np.ndarray, columns: np.ndarray, fires: np.ndarray, height: int, width: int) -> np.ndarray:
    """Of which channels the images that they fire for have their largest number in the outermost ring far too often.

    rows, columns, fires  [n, channels]
    """
    ring = fires & ((rows == 0) | (rows == height - 1) | (columns == 0) | (columns == width - 1))
    there, elsewhere = ring.sum(0), (fires & ~ring).sum(0)
    inner = max(0, height - 2) * max(0, width - 2)
    return (inner > 0) & (there >= FEW) & (there * inner >= OFTEN * (height * width - inner) * elsewhere)
