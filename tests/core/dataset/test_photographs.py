import base64
import contextlib
import io
import pickle
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from actviz_core import ActvizError, photographs


def photo(height=30, width=50):
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack([50 + 2 * rows, 200 - columns, 100 + rows], -1).clip(0, 255).astype(np.uint8)


def saved(form, image=None, **options):
    file = io.BytesIO()
    (image or Image.fromarray(photo())).save(file, form, **options)
    return file.getvalue()


def png_of_size(width, height):
    data = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + data
        + struct.pack(">I", zlib.crc32(data))
        + b"\0\0\0\0IEND\xaeB`\x82"
    )


@pytest.mark.parametrize("form", ["PNG", "BMP"])
def test_exact_formats_are_read_exactly(form):
    assert (photographs.read(saved(form)) == photo()).all()


@pytest.mark.parametrize("form, options", [("JPEG", {"quality": 95}), ("WEBP", {"lossless": True}), ("GIF", {})])
def test_other_formats_are_read(form, options):
    image = photographs.read(saved(form, **options))
    assert image.shape == (30, 50, 3) and image.dtype == np.uint8 and np.abs(image.astype(int) - photo()).mean() < 12


@pytest.mark.parametrize(
    "data, sentence",
    [
        (b"", "this is not an image that can be read; known formats are JPEG, PNG, WEBP, BMP, GIF, HEIC."),
        (b"hello" * 100, "this is not an image"),
        (pickle.dumps(photo()), "this is not an image"),
        (saved("TIFF"), "this is not an image"),
        (saved("PNG")[:-40], "the image file is damaged or incomplete: save or download it once more."),
        (saved("JPEG")[:-40], "the image file is damaged or incomplete"),
        (saved("JPEG")[:300], "this is not an image"),
        (png_of_size(10_000, 5_000), "the image has 10000 x 5000 pixels; at most 40,000,000 are read."),
        (png_of_size(60_000, 60_000), "the image has too many pixels; at most 40,000,000 are read."),
        (b"\0" * (photographs.LARGEST_FILE + 1), "the image file has 50 MB; at most 50 MB are read."),
    ],
    ids=range(10),
)
def test_what_is_no_photograph_is_told_in_a_sentence(data, sentence):
    with pytest.raises(ActvizError, match=sentence):
        photographs.read(data)


@pytest.mark.parametrize("form", photographs.READABLE)
def test_damaged_files_are_read_or_told(form):
    data, draw = saved(form), np.random.default_rng(0)
    for _ in range(150):
        damaged = bytearray(data[: draw.integers(1, len(data) + 1)])
        damaged[draw.integers(len(damaged))] = draw.integers(256)
        with contextlib.suppress(ActvizError):
            assert photographs.read(bytes(damaged)).ndim == 3


def test_as_text_and_back():
    text = photographs.to_base64(photo())
    assert text.isascii() and np.abs(photographs.from_base64(text, 30, 50).astype(int) - photo()).max() <= 4


def test_the_text_is_of_a_small_picture():
    text = photographs.to_base64(photo(1200, 2000))
    assert photographs.read(base64.b64decode(text)).shape == (307, 512, 3)


def test_noise_fits_into_a_recipe():
    noise = np.random.default_rng(0).integers(0, 256, (900, 900, 3), dtype=np.uint8)
    assert len(photographs.to_base64(noise)) < 2**20 - 10_000


@pytest.mark.parametrize("height, width", [(40, 40), (20, 80), (80, 20), (16, 24)])
def test_the_middle_is_kept_at_any_size(height, width):
    text = photographs.to_base64(photo(100, 100))
    image = photographs.from_base64(text, height, width)
    assert image.shape == (height, width, 3) and image.flags.writeable
    assert np.abs(image[height // 2, width // 2].astype(int) - photo(100, 100)[50, 50]).max() <= 6


@pytest.mark.parametrize("text", ["!", "QUJD", "ä", "A", "QQ==" * 10, base64.b64encode(b"no image").decode()])
def test_damaged_text_is_told(text):
    with pytest.raises(ActvizError, match="the photograph in the recipe is damaged|this is not an image"):
        photographs.from_base64(text, 16, 24)
