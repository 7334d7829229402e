"""What is saved: pictures as PNG with the recipe inside, curves as CSV, a run as GIF; and recipes read back."""

import csv
import io
import json
import math
from dataclasses import asdict

import numpy as np
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from .errors import ActvizError
from .history import Point
from .recipe import Recipe

TEXT_KEY = "actviz"
LARGEST_FILE = 64 * 2**20
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
GAP = 4  # px between the pictures of one sheet
GIF_FRAMES, GIF_SECONDS, LAST_SECONDS = 120, 0.06, 1.5


def sheet(images: np.ndarray) -> np.ndarray:
    """Pictures uint8 [n, h, w, 3] side by side in one, as square as it gets."""
    n, height, width, _ = images.shape
    columns = math.ceil(math.sqrt(n))
    rows = math.ceil(n / columns)
    whole = np.zeros((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, 3), np.uint8)
    for index, image in enumerate(images):
        top, left = index // columns * (height + GAP), index % columns * (width + GAP)
        whole[top : top + height, left : left + width] = image
    return whole


def png(images: np.ndarray, recipe: Recipe) -> bytes:
    """Pictures as one PNG whose text chunk "actviz" holds the recipe."""
    text = PngImagePlugin.PngInfo()
    text.add_itxt(TEXT_KEY, recipe.to_json())
    file = io.BytesIO()
    Image.fromarray(sheet(images)).save(file, "PNG", pnginfo=text)
    return file.getvalue()


def gif(pictures: dict[int, np.ndarray]) -> bytes:
    """Recorded pictures by iteration as an endless GIF, at most GIF_FRAMES of them, the last one held."""
    iterations = sorted(pictures)
    if len(iterations) > GIF_FRAMES:
        iterations = [iterations[round(i)] for i in np.linspace(0, len(iterations) - 1, GIF_FRAMES)]
    frames = [Image.fromarray(sheet(pictures[iteration])) for iteration in iterations]
    file = io.BytesIO()
    milliseconds = [round(1000 * GIF_SECONDS)] * (len(frames) - 1) + [round(1000 * LAST_SECONDS)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=milliseconds, loop=0)
    return file.getvalue()


def curves_csv(points: list[Point]) -> str:
    """A line per iteration: score and gradient of each image, every penalty, learning rate, seconds."""
    images = range(len(points[0].score)) if points else ()
    penalties = list(dict.fromkeys(name for point in points for name, _ in point.penalties))
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(
        ["iteration", *(f"score_{i}" for i in images), *penalties, *(f"gradient_{i}" for i in images), "learning_rate", "seconds"]
    )
    for point in points:
        by_name = dict(point.penalties)
        table.writerow(
            [point.iteration, *point.score, *(by_name.get(name, 0.0) for name in penalties), *point.gradient, point.learning_rate, point.seconds]
        )
    return file.getvalue()


def curves_json(points: list[Point], recipe: Recipe) -> str:
    """The recipe and every point, for other programs."""
    return json.dumps({"recipe": json.loads(recipe.to_json()), "points": [asdict(point) for point in points]})


def read_recipe(data: bytes) -> Recipe:
    """The recipe inside a PNG saved by `png`, or of a JSON text; ActvizError saying what is wrong with the file."""
    if len(data) > LARGEST_FILE:
        raise ActvizError(f"the file has {len(data) / 2**20:.0f} MB; a recipe has at most {LARGEST_FILE // 2**20} MB.")
    if data.startswith(PNG_SIGNATURE):
        return Recipe.from_json(text_of_png(data))
    try:
        return Recipe.from_json(data.decode())
    except UnicodeDecodeError:
        raise ActvizError("this is neither a PNG nor a JSON text.") from None


def text_of_png(data: bytes) -> str:
    try:
        # Opening reads the chunks before the pixels; the pixels themselves are never decoded.
        text = Image.open(io.BytesIO(data), formats=["PNG"]).info.get(TEXT_KEY)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise ActvizError("the PNG is damaged and cannot be read.") from None
    if not text:
        raise ActvizError("the PNG holds no recipe: it was not saved by actviz, or a program has removed its text.")
    return str(text)
