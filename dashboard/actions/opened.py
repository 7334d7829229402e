"""What a file brings that somebody opens, or a picture of the Gallery: settings, and the picture that they made."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from actviz_core import ModelHandle, PhaseImage, Recipe, export, photographs, spectrum_of
from dashboard.actions import steering
from dashboard.server.feed import jpeg
from dashboard.state import services, session
from dashboard.state.page_state import Opened

LARGEST_STILL = 1024  # px
MOST_PHOTOGRAPHS = 64  # read for one spectrum


def open_file(file: Any) -> None:
    """The page is set to the file's recipe, and shows its picture in place of a run's: picture and settings agree."""
    data = file.getvalue()
    recipe = export.read_recipe(data)
    steering.check(recipe.spec)
    picture = export.read_picture(data, recipe)
    (recipe,) = session.brought([recipe])
    session.set_recipe(recipe)
    session.show_opened(Opened(file.name, recipe, b"" if picture is None else still(picture)))


def open_tile(recipe: Recipe, model: ModelHandle) -> None:
    """The page is set to a channel of the Gallery, and shows its picture until there is a run's."""
    session.set_recipe(recipe)
    tile = services.in_gallery(recipe, model)
    if tile is None:
        session.show_opened(Opened("the Gallery", recipe))
        return
    picture = np.asarray(Image.open(io.BytesIO(tile)).convert("RGB"))
    session.show_opened(Opened("the Gallery", recipe, still(picture), picture.shape[1]))


def still(picture: np.ndarray) -> bytes:
    """A JPEG for the page, no larger than it is shown."""
    image = Image.fromarray(picture)
    image.thumbnail((LARGEST_STILL, LARGEST_STILL))
    return jpeg(np.asarray(image))


def photograph_given(file: Any) -> None:
    steering.edit_spec(start="photograph", photograph=photographs.to_base64(photographs.read(file.getvalue())))


def spectrum_given(files: Sequence[Any]) -> None:
    steering.edit_spec(
        parametrization=PhaseImage(spectrum_of(photographs.read(file.getvalue()) for file in files[:MOST_PHOTOGRAPHS]))
    )
