import numpy as np
import pytest
from PIL import Image

from actviz_core import ActvizError, framing


def picture(height=30, width=50):
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize(
    "height, width, size, frame",
    [
        (300, 451, (224, 224), (0, 75, 300, 300)),
        (451, 300, (224, 224), (75, 0, 300, 300)),
        (224, 224, (224, 224), (0, 0, 224, 224)),
        (100, 200, (12, 16), (0, 33, 100, 133)),
        (200, 100, (12, 16), (62, 0, 75, 100)),
        (1, 1, (12, 16), (0, 0, 1, 1)),
        (1, 500, (224, 224), (0, 249, 1, 1)),
    ],
)
def test_the_largest_frame_lies_in_the_middle(height, width, size, frame):
    assert framing.whole(height, width, size) == frame


@pytest.mark.parametrize(
    "frame, expected",
    [
        ((3, 5, 12, 16), (3, 5, 12, 16)),
        ((20, 40, 12, 16), (18, 34, 12, 16)),
        ((-4, -9, 12, 16), (0, 0, 12, 16)),
        ((0, 0, 3000, 4000), (0, 5, 30, 40)),
        ((5, 5, 12, 12), (6, 5, 9, 12)),
        ((5, 5, 0, -7), (5, 5, 1, 1)),
        ((10**30, -(10**30), 6, 8), (24, 0, 6, 8)),
    ],
)
def test_a_frame_from_anywhere_is_brought_into_the_image(frame, expected):
    assert framing.fitted(frame, 30, 50, (12, 16)) == expected


def test_a_frame_that_fits_stays_as_it_is_for_every_size():
    draw = np.random.default_rng(1)
    for _ in range(500):
        height, width, high, wide = map(int, draw.integers(1, 300, 4))
        frame = framing.whole(height, width, (high, wide))
        top, left, rows, columns = frame
        assert 0 <= top <= height - rows and 0 <= left <= width - columns and rows >= 1 and columns >= 1
        assert framing.fitted(frame, height, width, (high, wide)) == frame


def test_a_frame_of_exactly_the_networks_size_is_taken_as_it_is():
    image = picture()
    assert np.array_equal(framing.framed(image, (3, 5, 12, 16), (12, 16)), image[3:15, 5:21])


def test_a_larger_frame_is_resampled_without_aliases():
    stripes = np.zeros((24, 32, 3), np.uint8)
    stripes[:, ::2] = 200
    seen = framing.framed(stripes, (0, 0, 24, 32), (12, 16))
    assert seen.shape == (12, 16, 3) and np.abs(seen[:, 2:-2].astype(int) - 100).max() <= 12
    image = picture()
    expected = Image.fromarray(image[3:27, 5:37]).resize((16, 12), Image.Resampling.BICUBIC)
    assert np.array_equal(framing.framed(image, (3, 5, 24, 32), (12, 16)), expected)


def test_one_pixel_becomes_a_picture():
    assert (framing.framed(np.full((1, 1, 3), 77, np.uint8), (0, 0, 1, 1), (12, 16)) == 77).all()


@pytest.mark.parametrize("frame", [(-1, 0, 5, 5), (0, 0, 31, 5), (0, 46, 5, 5), (0, 0, 0, 5)])
def test_a_frame_beyond_the_image_is_refused(frame):
    with pytest.raises(ActvizError, match="is not within the image of 30 x 50"):
        framing.framed(picture(), frame, (12, 16))
