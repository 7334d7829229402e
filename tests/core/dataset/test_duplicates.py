import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from actviz_core import samples
from actviz_core.dataset.duplicates import Distinct, difference_hash, fingerprint


def test_the_hash_says_where_a_cell_is_brighter_than_its_left_neighbour():
    ramp = np.zeros((8, 9, 3), np.uint8)
    ramp[:4] = np.arange(0, 90, 10)[None, :, None]
    ramp[7, 8] = 200
    assert difference_hash(ramp) == 0xFFFFFFFF00000001
    assert difference_hash(ramp[:, ::-1].copy()) == 0


def test_another_size_or_quality_is_nearly_the_same_and_another_photograph_is_not():
    distinct, noise = Distinct(), np.random.default_rng(0).integers(0, 256, (99, 8, 9, 3), np.uint8)
    for each in samples.SAMPLES:
        distinct.add(each.name, fingerprint(samples.sample(each.name)))
    for number, picture in enumerate(noise):
        distinct.add(str(number), fingerprint(picture))
    for each in samples.SAMPLES:
        assert distinct.nearest(fingerprint(reduced(samples.sample(each.name)))) == each.name
        mirrored = samples.sample(each.name)[:, ::-1].copy()
        assert distinct.nearest(fingerprint(mirrored)) is None


def reduced(picture: np.ndarray) -> np.ndarray:
    """Half the size, as a JPEG."""
    image, file = Image.fromarray(picture), io.BytesIO()
    image.resize((image.width // 2, image.height // 2), Image.Resampling.BICUBIC).save(file, "JPEG", quality=60)
    return np.asarray(Image.open(file))


def wheel(turned: int) -> np.ndarray:
    hues = Image.fromarray((np.indices((64, 96)).sum(0) * 2 + turned).astype(np.uint8))
    full = Image.new("L", hues.size, 255)
    return np.asarray(Image.merge("HSV", (hues, full, full)).convert("RGB"))


def icon(*ends: tuple[int, int]) -> np.ndarray:
    image = Image.new("RGB", (96, 64), "white")
    ImageDraw.Draw(image).line(ends, "black", 6)
    return np.asarray(image)


@pytest.mark.parametrize(
    "pictures",
    [
        [
            np.full((64, 96, 3), colour, np.uint8)
            for colour in ((0,) * 3, (255,) * 3, (255, 0, 0), (0, 0, 255), (8,) * 3)
        ],
        [icon((20, 20), (76, 20)), icon((20, 40), (76, 40)), icon((48, 8), (48, 56)), icon((20, 20), (76, 24))],
        [wheel(0), wheel(30), wheel(128)],
    ],
    ids=["one colour each", "icons on white", "colour wheels"],
)
def test_what_has_no_edges_to_tell_apart_differs_by_its_colours(pictures):
    distinct = Distinct()
    for name, picture in enumerate(pictures):
        assert distinct.nearest(fingerprint(picture)) is None, name
        distinct.add(str(name), fingerprint(picture))
        assert distinct.nearest(fingerprint(reduced(picture))) in (str(name), None)
        assert distinct.nearest(fingerprint(np.repeat(picture, 2, 0))) == str(name), "a copy at another size"
