"""The image that is explained, as it was given."""

import io

import numpy as np
from PIL import Image

from dashboard.state.explaining import Picture


def file_of(height: int, width: int, form: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((height, width, 3), np.uint8)).save(buffer, form, **options)
    return buffer.getvalue()


def test_an_image_that_is_reduced_knows_which_size_it_had():
    large = Picture.read("", file_of(1600, 1200))
    assert (large.size, large.given) == ((1536, 1152), (1600, 1200))
    assert Picture.read("", file_of(1536, 1152)).given is None


def test_the_size_is_that_of_the_image_as_it_is_seen():
    """A camera held upright writes the image lying and says so; a JPEG of twice the size is read at half of it."""
    lying = Image.Exif()
    lying[0x0112] = 6
    picture = Picture.read("", file_of(2400, 3200, "JPEG", exif=lying.tobytes()))
    assert (picture.size, picture.given) == ((1536, 1152), (3200, 2400))
