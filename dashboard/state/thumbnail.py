"""A picture made small, as a JPEG."""

import base64
import io

import numpy as np
from jaxtyping import UInt8
from PIL import Image

QUALITY = 80


def small(image: UInt8[np.ndarray, "height width 3"], size: int) -> bytes:
    """A JPEG of at most that many pixels a side."""
    picture, buffer = Image.fromarray(image), io.BytesIO()
    picture.thumbnail((size, size))
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def address(jpeg: bytes) -> str:
    """A JPEG as an address that holds it, for `st.image`.

    Streamlit forgets the file of an image when a drawing that has not come to it is cut short. A browser that asks for
    it then is told that there is none, and does not ask again: the next drawing's file has the same address.
    """
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
