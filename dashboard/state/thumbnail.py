"""A picture made small, as a JPEG."""

import io

import numpy as np
from jaxtyping import UInt8
from PIL import Image

QUALITY = 80
LEFT = 160  # pixels of a picture that a run leaves: less than 20 kB, whatever it shows


def small(image: UInt8[np.ndarray, "height width 3"], size: int) -> bytes:
    """A JPEG of at most that many pixels a side."""
    picture, buffer = Image.fromarray(image), io.BytesIO()
    picture.thumbnail((size, size))
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
