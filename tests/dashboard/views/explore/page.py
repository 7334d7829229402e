"""What the tests of the Explore page know of it: its recipe, its run, its notes."""

import io

from PIL import Image
from streamlit.testing.v1 import AppTest

from actviz_core import Adam, Channel, Recipe, Spec
from tests.dashboard.screen import state_of

SMALL = Spec(
    "efficientnet_lite0", Channel("blocks.1.0", 3), optimizer=Adam(0.5), height=64, width=96, iterations=100_000
)


def recipe_of(app: AppTest) -> Recipe:
    return state_of(app).recipe


def bare_png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    return file.getvalue()
