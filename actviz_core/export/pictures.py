"""Pictures as PNG with the recipe inside, several on one sheet; and recipes read back."""

import io
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, PngImagePlugin

from ..errors import ActvizError
from ..optimization.recipe import Recipe
from .curves import without_points
from .font import font

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

TEXT_KEY = "actviz"
LARGEST_FILE = 64 * 2**20
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
GAP = 4  # px between the pictures of one sheet
LABEL = 24  # px below a picture
MARGIN = 4  # px around its text
FONT = font(12)
ROOM = 300  # px that a label may take at least, however small its picture


def sheet(images: UInt8[np.ndarray, "n h w 3"], across: int = 0) -> UInt8[np.ndarray, "rows columns 3"]:
    """Pictures side by side in one; so many across, or as square as it gets."""
    n, height, width, _ = images.shape
    columns = across or math.ceil(math.sqrt(n))
    whole = np.zeros((*sheet_size(n, height, width, columns), 3), np.uint8)
    for index, image in enumerate(images):
        top, left = index // columns * (height + GAP), index % columns * (width + GAP)
        whole[top : top + height, left : left + width] = image
    return whole


def sheet_size(n: int, height: int, width: int, across: int = 0) -> tuple[int, int]:
    """Height and width of the sheet of n pictures of that size; so many across, or as square as it gets."""
    columns = across or math.ceil(math.sqrt(n))
    return math.ceil(n / columns) * (height + GAP) - GAP, columns * (width + GAP) - GAP


def png(images: UInt8[np.ndarray, "n h w 3"], recipe: Recipe) -> bytes:
    """Pictures as one PNG whose text chunk "actviz" holds the recipe."""
    return with_text(sheet(images), recipe.to_json())


def go_on() -> None:
    """What is asked during long work if nobody can change his mind."""


class CheckedFile(io.BytesIO):
    """Asks before each write whether the work is to go on; what `check` raises ends it."""

    def __init__(self, check: Callable[[], None]) -> None:
        super().__init__()
        self.check = check

    def write(self, data: "ReadableBuffer") -> int:
        self.check()
        return super().write(data)


def with_text(image: UInt8[np.ndarray, "h w 3"], told: str, check: Callable[[], None] = go_on) -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_itxt(TEXT_KEY, told)
    file = CheckedFile(check)
    Image.fromarray(image).save(file, "PNG", pnginfo=text)
    return file.getvalue()


def labelled(pictures: Sequence[UInt8[np.ndarray, "_ _ 3"]], labels: Sequence[str]) -> UInt8[np.ndarray, "n h w 3"]:
    """All at the size of the largest, with LABEL more rows; a small one has room beside it for its label."""
    height, width = (max(picture.shape[axis] for picture in pictures) for axis in (0, 1))
    cell = max(width, min(ROOM, max(map(length_of, labels))))
    resized = (
        np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.BICUBIC)) for picture in pictures
    )
    pairs = zip(resized, labels, strict=True)
    return np.stack([np.concatenate((widened(picture, cell), line(label, cell))) for picture, label in pairs])


def widened(picture: UInt8[np.ndarray, "h w 3"], width: int) -> UInt8[np.ndarray, "h _ 3"]:
    """The picture with white to its right, if it is narrower than that."""
    return np.pad(picture, ((0, 0), (0, max(0, width - picture.shape[1])), (0, 0)), constant_values=255)


def length_of(text: str) -> int:
    """Pixels that a line of text takes."""
    return math.ceil(FONT.getlength(text)) + 2 * MARGIN


def line(text: str, width: int) -> UInt8[np.ndarray, "_ width 3"]:
    """A line of text, LABEL rows; one that is too long is cut."""
    image = Image.new("RGB", (width, LABEL), (255, 255, 255))
    while text and length_of(text) > width:
        text = text[:-2] + "…" if text[-1] == "…" else text[:-1] + "…"
    ImageDraw.Draw(image).text((MARGIN, MARGIN), text, fill=(0, 0, 0), font=FONT)
    return np.asarray(image)


def read_recipe(data: bytes) -> Recipe:
    """The recipe inside a PNG saved by `png`, or of a JSON text; ActvizError saying what is wrong with the file."""
    return Recipe.from_json(without_points(text_of(data)))


def read_picture(data: bytes, recipe: Recipe) -> UInt8[np.ndarray, "h w 3"] | None:
    """What a PNG saved by `png` shows.

    None where it is no PNG, damaged, or larger than the pictures of its recipe.
    """
    height, width = sheet_size(recipe.spec.count, recipe.spec.height, recipe.spec.width)
    with suppress(Exception):  # a damaged file may raise nearly anything
        image = Image.open(io.BytesIO(data), formats=["PNG"])
        if image.width <= width and image.height <= height:  # sizes are read before pixels are
            return np.asarray(image.convert("RGB"))
    return None


def text_of(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        raise ActvizError(f"the file has {len(data) / 2**20:.0f} MB; a recipe has at most {LARGEST_FILE // 2**20} MB.")
    if data.startswith(PNG_SIGNATURE):
        return text_of_png(data)
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ActvizError("this is neither a PNG nor a JSON text.") from None


def text_of_png(data: bytes) -> str:
    try:
        # Opening reads the chunks before the pixels; the pixels themselves are not decoded.
        text = Image.open(io.BytesIO(data), formats=["PNG"]).info.get(TEXT_KEY)
    except Exception:  # a damaged file may raise nearly anything
        raise ActvizError("the PNG is damaged and cannot be read.") from None
    if not text:
        raise ActvizError(
            "the PNG does not contain a recipe: it was not saved by actviz, or another program has removed its text."
        )
    return str(text)
