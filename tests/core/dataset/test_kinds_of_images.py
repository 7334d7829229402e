"""Every way to keep a picture in a file: orientation, depth, transparency, palettes, animations, sizes."""

import io
import re
import struct
import sys
import zlib

import numpy as np
import pytest
from PIL import Image

from actviz_core import ActvizError, photographs
from tests.core.dataset.test_photographs import photo, saved

UPRIGHT = np.array([[10, 20, 30], [40, 50, 60]], np.uint8)


def png(width: int, height: int, depth: int, colours: int, rows: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG by hand: each row of `rows` begins with its filter, 0."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    parts = ((b"IHDR", header), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_orientation_is_turned_upright(orientation):
    turned = {
        1: UPRIGHT,
        2: UPRIGHT[:, ::-1],
        3: UPRIGHT[::-1, ::-1],
        4: UPRIGHT[::-1],
        5: UPRIGHT.T,
        6: np.rot90(UPRIGHT),
        7: UPRIGHT[::-1, ::-1].T,
        8: np.rot90(UPRIGHT, -1),
    }[orientation]
    exif = Image.Exif()
    exif[photographs.ORIENTATION] = orientation
    image = photographs.read(saved("PNG", Image.fromarray(np.ascontiguousarray(turned)), exif=exif))
    assert np.array_equal(image, np.repeat(UPRIGHT[..., None], 3, -1))


def test_damaged_exif_does_not_spoil_a_picture():
    assert photographs.read(saved("JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff nothing")).shape == (30, 50, 3)


def test_greys_of_16_bits_are_scaled():
    values = np.array([[0, 255, 256, 32768, 65535]], np.uint16)
    image = photographs.read(saved("PNG", Image.fromarray(values)))
    assert image[0, :, 0].tolist() == [0, 0, 1, 128, 255] and np.ptp(image, -1).max() == 0


def test_a_transparent_grey_of_16_bits_is_white():
    rows = b"\0" + struct.pack(">3H", 0, 1000, 65535)
    image = photographs.read(png(3, 1, 16, 0, rows, (b"tRNS", struct.pack(">H", 1000))))
    assert image[0, :, 0].tolist() == [0, 255, 255]


def test_colours_of_16_bits_are_scaled():
    rows = b"\0" + struct.pack(">6H", 0, 32768, 65535, 256, 255, 51200)
    assert photographs.read(png(2, 1, 16, 2, rows)).tolist() == [[[0, 128, 255], [1, 0, 200]]]


def test_colours_of_16_bits_with_alpha_lie_over_white():
    rows = b"\0" + struct.pack(">8H", 0, 0, 0, 0, 51200, 0, 0, 65535)
    assert photographs.read(png(2, 1, 16, 6, rows)).tolist() == [[[255, 255, 255], [200, 0, 0]]]


def test_what_is_transparent_lies_over_white():
    values = np.array([[[200, 100, 0, 255], [200, 100, 0, 0], [200, 100, 0, 51]]], np.uint8)
    image = photographs.read(saved("PNG", Image.fromarray(values)))
    assert image.tolist() == [[[200, 100, 0], [255, 255, 255], [244, 224, 204]]]
    grey = photographs.read(saved("PNG", Image.fromarray(values).convert("LA")))
    assert grey[0, 1].tolist() == [255] * 3 and grey[0, 0].tolist() == [118] * 3


@pytest.mark.parametrize("form", ["PNG", "GIF"])
def test_the_transparent_colour_of_a_palette_is_white(form):
    image = Image.new("P", (3, 2), 1)
    image.putpalette([255, 0, 0, 0, 0, 200])
    image.putpixel((0, 0), 0)
    found = photographs.read(saved(form, image, transparency=0))
    assert found[0, 0].tolist() == [255] * 3 and (found[1] == [0, 0, 200]).all()


def test_cmyk_is_read():
    image = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    assert np.abs(photographs.read(saved("JPEG", image, quality=95)).astype(int) - [255, 0, 0]).max() <= 8


def test_black_and_white_is_read():
    assert photographs.read(saved("PNG", Image.new("1", (9, 3), 1))).tolist() == np.full((3, 9, 3), 255).tolist()


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_read(form):
    first, *others = (Image.new("RGB", (24, 16), colour) for colour in ("red", "lime", "blue"))
    data = saved(form, first, save_all=True, append_images=others, duration=100)
    assert (np.abs(photographs.read(data).astype(int) - [255, 0, 0]) <= 8).all()
    assert photographs.is_animated(data) and not photographs.is_animated(saved(form, first))


@pytest.mark.parametrize("form", photographs.READABLE)
def test_one_pixel_is_read(form):
    image = photographs.read(saved(form, Image.new("RGB", (1, 1), (250, 250, 250))))
    assert image.shape == (1, 1, 3) and image.min() >= 240


def test_the_name_of_a_file_means_nothing():
    assert photographs.read(saved("WEBP", lossless=True)).shape == (30, 50, 3)


def test_a_large_jpeg_is_read_at_half_its_size():
    data = saved("JPEG", Image.fromarray(photo()))
    assert photographs.read(data, largest=1500).shape == (30, 50, 3)
    assert photographs.read(data, largest=1499).shape == (15, 25, 3)
    assert photographs.read(data, largest=375).shape == (15, 25, 3)
    with pytest.raises(ActvizError, match="the image has 50 x 30 pixels; at most 1,496 of a JPEG are read."):
        photographs.read(data, largest=374)


def test_a_large_progressive_jpeg_is_refused():
    data = saved("JPEG", Image.fromarray(photo()), progressive=True)
    assert photographs.read(data, largest=1500).shape == (30, 50, 3)
    with pytest.raises(ActvizError, match="the progressive JPEG has 50 x 30 pixels in 10 scans; at most 1,499 pixels"):
        photographs.read(data, largest=1499)


def test_a_jpeg_of_very_many_scans_is_refused():
    data = saved("JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    with pytest.raises(ActvizError, match="in 1010 scans"):
        photographs.read(data[:-2] + 1000 * last + data[-2:])


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("longest, size", [(50, (30, 50)), (49, (29, 49)), (25, (15, 25)), (10, (6, 10)), (1, (1, 1))])
def test_a_larger_image_is_made_smaller(form, longest, size):
    image = photographs.read(saved(form), longest=longest)
    assert image.shape[:2] == size
    assert np.abs(image.mean((0, 1)) - photo().mean((0, 1))).max() < 5


def test_colours_of_slow_formats_are_bounded(monkeypatch):
    monkeypatch.setitem(photographs.SLOW, "WEBP", 1499)
    with pytest.raises(ActvizError, match="the image has 50 x 30 pixels; at most 1,499 are read."):
        photographs.read(saved("WEBP"))


def test_heic_is_read():
    heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    heif.from_pillow(Image.fromarray(photo(64, 96))).save(file, quality=90)
    image = photographs.read(file.getvalue())
    assert image.shape == (64, 96, 3) and np.abs(image.astype(int) - photo(64, 96)).mean() < 6
    with pytest.raises(ActvizError, match="the image file is damaged|not an image"):
        photographs.read(file.getvalue()[:-100])


def test_without_its_library_heic_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(ActvizError, match=re.escape("(pip install pillow-heif), or save it as JPEG.")):
        photographs.read(b"\0\0\0\x18ftypheic" + bytes(100))
