"""Frames on an image: which part of it a network sees.

A frame is (top, left, height, width) in pixels of the image, a size (height, width) in pixels of the network's picture.
Frames come from anybody's links, so `fitted` takes any whole numbers.
"""

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from ..errors import ActvizError

Rectangle = tuple[int, int, int, int]
Size = tuple[int, int]


def whole(height: int, width: int, size: Size) -> Rectangle:
    """The largest frame of the size's proportions in the middle of an image of height x width pixels."""
    return fitted((0, 0, height, width), height, width, size)


def fitted(frame: Rectangle, height: int, width: int, size: Size) -> Rectangle:
    """The frame within an image of height x width pixels, in the size's proportions, about the same middle.

    One that has them already, but for a pixel, and lies within the image, stays as it is.
    """
    top, left, rows, columns = frame
    rows, columns = min(max(1, rows), height), min(max(1, columns), width)
    high, wide = size
    if abs(rows * wide - columns * high) >= max(size):
        scale = min(rows / high, columns / wide)
        new_rows, new_columns = (max(1, round(side * scale)) for side in size)
        top, left = top + (rows - new_rows) // 2, left + (columns - new_columns) // 2
        rows, columns = new_rows, new_columns
    return min(max(0, top), height - rows), min(max(0, left), width - columns), rows, columns


def framed(image: UInt8[np.ndarray, "h w 3"], frame: Rectangle, size: Size) -> UInt8[np.ndarray, "height width 3"]:
    """What the network sees of the image: the frame at that size, resampled by antialiased bicubic filters.

    A frame of exactly that size is taken as it is. Raises ActvizError for one that is not within the image.
    """
    top, left, rows, columns = frame
    if min(top, left) < 0 or min(rows, columns) < 1 or top + rows > image.shape[0] or left + columns > image.shape[1]:
        raise ActvizError(
            f"the frame of {rows} x {columns} pixels at row {top}, column {left} is not within the image "
            f"of {image.shape[0]} x {image.shape[1]}."
        )
    part = image[top : top + rows, left : left + columns]
    if (rows, columns) == size:
        return part.copy()
    return np.asarray(Image.fromarray(part).resize((size[1], size[0]), Image.Resampling.BICUBIC))
