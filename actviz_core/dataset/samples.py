"""Sample photographs: those that the package scikit-image carries in its wheel.

They are read from its folder and nothing of it is imported, which takes half a second and more. Some can be had with a
watermark, as lessons show it: watermark.png is a line of text, "shortcut" three times over in Chinese characters, drawn
with Noto Sans CJK Light, which has the SIL Open Font License; the font itself is not here.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from ..errors import ActvizError, near
from .photographs import read


@dataclass(frozen=True)
class Sample:
    """A photograph by its name, with its title for people and its file."""

    name: str
    title: str
    file: str
    watermark: bool = False


SAMPLES = (
    Sample("cat", "Cat", "chelsea.png"),
    Sample("coffee", "Cup of coffee", "coffee.png"),
    Sample("astronaut", "Astronaut", "astronaut.png"),
    Sample("rocket", "Rocket", "rocket.jpg"),
    Sample("motorcycle", "Motorcycle", "motorcycle_left.png"),
    Sample("camera", "Man with a camera", "camera.png"),
    Sample("coins", "Coins", "coins.png"),
    Sample("galaxies", "Galaxies", "hubble_deep_field.jpg"),
    Sample("brick", "Bricks", "brick.png"),
    Sample("grass", "Grass", "grass.png"),
    Sample("gravel", "Gravel", "gravel.png"),
)
WATERMARKED = (
    Sample("grass_watermark", "Grass with a watermark", "grass.png", watermark=True),
    Sample("gravel_watermark", "Gravel with a watermark", "gravel.png", watermark=True),
)
WATERMARK = Path(__file__).parent / "watermark.png"


def sample(name: str) -> UInt8[np.ndarray, "h w 3"]:
    """The photograph of that name. Raises ActvizError: unknown name, or scikit-image is not installed."""
    known = {each.name: each for each in (*SAMPLES, *WATERMARKED)}
    if name not in known:
        raise ActvizError(f"there is no sample photograph {name!r}{near(name, known)}; known: {', '.join(known)}.")
    package = find_spec("skimage")
    if package is None or not package.submodule_search_locations:
        raise ActvizError("the sample photographs are those of scikit-image: install it (pip install scikit-image).")
    file = Path(package.submodule_search_locations[0]) / "data" / known[name].file
    try:
        photograph = read(file.read_bytes())
    except OSError:
        raise ActvizError(
            f"this version of scikit-image has no photograph {known[name].file}: choose another one."
        ) from None
    return watermarked(photograph) if known[name].watermark else photograph


def watermarked(photograph: UInt8[np.ndarray, "h w 3"]) -> UInt8[np.ndarray, "h w 3"]:
    """With the white line of text across its middle, nine tenths as wide as the photograph's shorter side."""
    height, width = photograph.shape[:2]
    with Image.open(WATERMARK) as line:
        across = round(0.9 * min(height, width))
        line = line.convert("L").resize((across, round(across * line.height / line.width)), Image.Resampling.LANCZOS)
    mask = Image.new("L", (width, height))
    mask.paste(line, ((width - line.width) // 2, (height - line.height) // 2))
    return np.asarray(Image.composite(Image.new("RGB", mask.size, "white"), Image.fromarray(photograph), mask))
