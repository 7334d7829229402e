"""Photographs: image files given by people, bounded, as arrays and as text inside a recipe."""

import base64
import binascii
import importlib
import io
from contextlib import suppress
from typing import Any

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageOps

from ..errors import ActvizError

LARGEST_FILE = 50 * 2**20
LARGEST_IMAGE = 40_000_000  # pixels
SLOW = {"WEBP": 25_000_000, "HEIF": 25_000_000}  # pixels of formats that take two seconds for so many
HALVED = 4  # times as many in a JPEG, which can be read at half the size, so that it takes no more memory
MOST_SCANS = 64  # of a progressive JPEG; each goes through all its pixels, and a few bytes are enough for one
LONGEST_SIDE = 512  # px, of a photograph kept in a recipe
LARGEST_KEPT = 2**22  # pixels, of one in somebody else's: a link of a few thousand letters can hold very many
READABLE = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
ANIMATED = ("GIF", "PNG", "WEBP")  # formats whose several pictures are an animation
ENDINGS = ("jpg", "jpeg", "png", "webp", "heic", "heif", "gif", "bmp")  # what such files are usually called
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
ORIENTATION = 0x0112  # of EXIF
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = (5, 6, 7, 8)


class NotInstalled(ActvizError):
    """What reads files of that kind is not there."""


def read(data: bytes, largest: int = LARGEST_IMAGE, longest: int | None = None) -> UInt8[np.ndarray, "h w 3"]:
    """The pixels of an image file, whatever its name; of an animation the first frame.

    Upright as its EXIF says, colours of 16 bits as their upper 8, what is transparent over white, as pages show it.

    largest  pixels; a JPEG of up to four times as many is read at half its size
    longest  px, of a side; a larger image is made smaller, with its sides as they are to each other
    Raises ActvizError: a file that is no image, is broken or too large, HEIC where pillow-heif is not installed.
    """
    return reduced(data, largest, longest)[0]


def reduced(
    data: bytes, largest: int = LARGEST_IMAGE, longest: int | None = None
) -> tuple[UInt8[np.ndarray, "h w 3"], tuple[int, int]]:
    """The same, and the height and width of the image before it was made smaller, in pixels.

    Raises ActvizError: as `read` does.
    """
    if len(data) > LARGEST_FILE:
        raise ActvizError(
            f"the image file has {len(data) / 2**20:.0f} MB; at most {LARGEST_FILE // 2**20} MB are read."
        )
    image = opened(data)
    width, height = image.size
    try:
        halve(image, largest, longest, data)
        image.load()
    except ActvizError:
        raise
    except Exception:  # a damaged file may raise nearly anything
        raise ActvizError("the image file is damaged or incomplete: save or download it once more.") from None
    orientation = orientation_of(image)
    size = (width, height) if orientation in SIDEWAYS else (height, width)
    return pixels(image, longest, orientation), size


def is_animated(data: bytes) -> bool:
    """Whether a file that can be read is an animation, of which the first frame is taken."""
    image = opened(data)
    with suppress(Exception):  # damaged behind its first frame
        return image.format in ANIMATED and getattr(image, "is_animated", False)
    return False


def opened(data: bytes) -> Image.Image:
    """The image as far as its header tells of it."""
    heif = data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS
    if heif:
        register_heif()
    formats = ("HEIF",) if heif else READABLE
    try:
        return Image.open(io.BytesIO(data), formats=formats)
    except Image.DecompressionBombError:
        raise ActvizError(f"the image has too many pixels; at most {LARGEST_IMAGE:,} are read.") from None
    except Exception:
        known = ", ".join((*READABLE, "HEIC"))
        raise ActvizError(f"this is not an image that can be read; known formats are {known}.") from None


def register_heif() -> None:
    try:
        importlib.import_module("pillow_heif").register_heif_opener()
    except ImportError:
        raise NotInstalled(
            "this is an HEIC photograph: to read such files install pillow-heif where the program runs "
            "(pip install pillow-heif), or save it as JPEG."
        ) from None


def halve(image: Image.Image, largest: int, longest: int | None, data: bytes) -> None:
    """Has a JPEG read at 1/2, 1/4 or 1/8 of its size, where that is enough; refuses what is too large."""
    width, height = image.size
    if image.format not in ("JPEG", "MPO"):
        most = min(largest, SLOW.get(image.format or "", largest))
        if width * height > most:
            raise ActvizError(f"the image has {width} x {height} pixels; at most {most:,} are read.")
        return
    if width * height > HALVED * largest:
        raise ActvizError(f"the image has {width} x {height} pixels; at most {HALVED * largest:,} of a JPEG are read.")
    scans = data.count(b"\xff\xda")  # the marker that begins one; pixels never look like it
    if scans > MOST_SCANS or image.info.get("progressive") and width * height > largest:
        raise ActvizError(
            f"the progressive JPEG has {width} x {height} pixels in {scans} scans; at most {largest:,} pixels in "
            f"{MOST_SCANS} scans are read: save it as a plain JPEG."
        )
    enough = max(width, height) if longest is None else longest
    half = 1
    while half < 8 and (max(width, height) >= 2 * half * enough or (width // half) * (height // half) > largest):
        half *= 2
    image.draft(None, (max(1, width // half), max(1, height // half)))


def orientation_of(image: Image.Image) -> Any:
    with suppress(Exception):  # damaged EXIF does not spoil the picture
        return image.getexif().get(ORIENTATION)
    return None


def pixels(image: Image.Image, longest: int | None, orientation: Any) -> UInt8[np.ndarray, "h w 3"]:
    image = resizable(image)
    if longest is not None:
        image.thumbnail((longest, longest), Image.Resampling.BICUBIC)
    image = opaque(image)
    if orientation in UPRIGHT:
        image = image.transpose(UPRIGHT[orientation])
    return np.asarray(image)


def resizable(image: Image.Image) -> Image.Image:
    """With numbers that can be averaged, no more of them than needed: as L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I"):  # greys of 16 bits, which Pillow would clip
        clear, values = image.info.get("transparency"), np.asarray(image)
        grey = (values >> 8).astype(np.uint8)
        if isinstance(clear, int):
            grey[values == clear] = 255
        return Image.fromarray(grey)
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def opaque(image: Image.Image) -> Image.Image:
    """As RGB."""
    if image.mode != "RGBA":
        return image if image.mode == "RGB" else image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image)
    return white


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
