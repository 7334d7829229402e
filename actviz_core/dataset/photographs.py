"""Photographs to start from: image files given by people, bounded, as arrays and as text inside a recipe."""

import base64
import binascii
import io

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageOps

from ..errors import ActvizError

LARGEST_FILE = 20 * 2**20
LARGEST_IMAGE = 40_000_000  # pixels
LONGEST_SIDE = 512  # px, of a photograph kept in a recipe
LARGEST_KEPT = 2**22  # pixels, of one in somebody else's: a link of a few thousand letters can hold very many
READABLE = ("JPEG", "PNG", "WEBP", "BMP", "GIF")


def read(data: bytes, largest: int = LARGEST_IMAGE) -> UInt8[np.ndarray, "h w 3"]:
    """The pixels of an image file; ActvizError if it is none, or has more than `largest` pixels."""
    if len(data) > LARGEST_FILE:
        raise ActvizError(
            f"the image file has {len(data) / 2**20:.0f} MB; at most {LARGEST_FILE // 2**20} MB are read."
        )
    try:
        image = Image.open(io.BytesIO(data), formats=READABLE)
        if image.width * image.height > largest:
            raise ActvizError(f"the image has {image.width} x {image.height} pixels; at most {largest:,} are read.")
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except Image.DecompressionBombError:
        raise ActvizError(f"the image has too many pixels; at most {largest:,} are read.") from None
    except ActvizError:
        raise
    except Exception:  # a damaged file may raise nearly anything
        raise ActvizError(f"this is not an image that can be read; known formats are {', '.join(READABLE)}.") from None


def to_base64(photograph: UInt8[np.ndarray, "h w 3"]) -> str:
    """A JPEG of at most LONGEST_SIDE pixels a side, as text for a recipe."""
    image = Image.fromarray(photograph)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return base64.b64encode(file.getvalue()).decode()


def from_base64(text: str, height: int, width: int) -> UInt8[np.ndarray, "height width 3"]:
    """The photograph scaled to cover the size, its middle."""
    try:
        photograph = read(base64.b64decode(text, validate=True), LARGEST_KEPT)
    except (binascii.Error, ValueError):
        raise ActvizError("the photograph in the recipe is damaged.") from None
    return np.asarray(ImageOps.fit(Image.fromarray(photograph), (width, height), Image.Resampling.BICUBIC)).copy()
