import csv
import io
import json
import pickle
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from actviz_core import ActvizError, Change, Channel, Hyperparams, Point, Recipe, Spec, export

RECIPE = Recipe(
    Spec("tiny", Channel("conv2", 1), height=20, width=28, count=2), Hyperparams(0.3), (Change(2, Hyperparams(0.1)),), 3
)
POINTS = [
    Point(1, (1.5, -2.0), (("l1", 0.25),), (0.1, 0.2), 0.05, 0.01),
    Point(2, (2.5, 1e-9), (("l1", 0.125), ("total_variation", 3.0)), (0.3, 0.4), 0.1, 0.02),
]


def pictures(n=2, height=20, width=28, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, height, width, 3), dtype=np.uint8)


def opened(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def header(width, height):
    return export.PNG_SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def with_text(text, key=export.TEXT_KEY, compressed=False):
    info = PngImagePlugin.PngInfo()
    info.add_itxt(key, text, zip=compressed)
    file = io.BytesIO()
    Image.new("RGB", (7, 5)).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def test_the_picture_of_a_file_is_read_where_it_is_no_larger_than_its_recipe_says():
    small = replace(RECIPE, spec=replace(RECIPE.spec, count=3, height=16, width=24))
    images = np.random.default_rng(0).integers(0, 255, (3, 16, 24, 3), np.uint8)
    data = export.png(images, small)
    assert (export.read_picture(data, small) == export.sheet(images)).all()
    assert export.read_picture(data, replace(small, spec=replace(small.spec, width=16))) is None
    assert (
        export.read_picture(small.to_json().encode(), small) is None and export.read_picture(data[:200], small) is None
    )


def test_one_picture_is_its_own_sheet():
    images = pictures(1)
    assert (export.sheet(images) == images[0]).all()


@pytest.mark.parametrize("n, rows, columns", [(2, 1, 2), (3, 2, 2), (5, 2, 3), (9, 3, 3), (10, 3, 4)])
def test_a_sheet_shows_every_picture_once_row_by_row(n, rows, columns):
    images = pictures(n)
    sheet = export.sheet(images)
    assert sheet.shape == (rows * 24 - 4, columns * 32 - 4, 3)
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        assert (sheet[row * 24 : row * 24 + 20, column * 32 : column * 32 + 28] == image).all()


def test_a_png_holds_pixels_and_recipe():
    images = pictures()
    data = export.png(images, RECIPE)
    assert (opened(data) == export.sheet(images)).all()
    assert export.read_recipe(data) == RECIPE


@pytest.mark.parametrize("indent", [None, 2])
def test_a_recipe_as_text_is_read(indent):
    assert export.read_recipe(RECIPE.to_json(indent).encode()) == RECIPE


def test_curves_as_a_table():
    rows = list(csv.DictReader(io.StringIO(export.curves_csv(POINTS))))
    assert list(rows[0]) == [
        "iteration",
        "score_0",
        "score_1",
        "l1",
        "total_variation",
        "gradient_0",
        "gradient_1",
        "learning_rate",
        "seconds",
    ]
    assert [[float(cell) for cell in row.values()] for row in rows] == [
        [1, 1.5, -2.0, 0.25, 0.0, 0.1, 0.2, 0.05, 0.01],
        [2, 2.5, 1e-9, 0.125, 3.0, 0.3, 0.4, 0.1, 0.02],
    ]
    assert export.curves_csv([]) == "iteration,learning_rate,seconds\n"


def test_curves_as_json():
    data = json.loads(export.curves_json(POINTS, RECIPE))
    assert Recipe.from_json(json.dumps(data["recipe"])) == RECIPE
    assert data["points"][1]["score"] == [2.5, 1e-9] and data["points"][0]["penalties"] == [["l1", 0.25]]


# what is no recipe

FOREIGN = with_text("a holiday", key="Comment")
HUGE = header(60_000, 60_000) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data, sentence",
    [
        (FOREIGN, "the PNG does not contain a recipe: it was not saved by actviz"),
        (with_text("a holiday"), "this is not a recipe: it is not JSON."),
        (with_text("{}"), "this is not a recipe of actviz"),
        (with_text(""), "the PNG does not contain a recipe"),
        (with_text(" " * 30 * 2**20, compressed=True), "the PNG is damaged and cannot be read."),  # a bomb of text
        (HUGE, "the PNG is damaged and cannot be read."),
        (header(0, 0), "the PNG is damaged"),
        (export.PNG_SIGNATURE, "the PNG is damaged"),
        (export.PNG_SIGNATURE + b"\xff" * 100, "the PNG is damaged"),
        (pickle.dumps({"a": 1}), "this is neither a PNG nor a JSON text."),
        (pickle.dumps({"a": 1}, 0), "this is not a recipe: it is not JSON."),
        (b"\xff\xd8\xff\xe0 JFIF", "this is neither a PNG nor a JSON text."),
        (b"", "it is not JSON"),
        (b"\x00" * 50, "it is not JSON"),
        (b" " * (export.LARGEST_FILE + 1), "the file has 64 MB; a recipe has at most 64 MB."),
    ],
    ids=range(15),
)
def test_a_file_that_is_no_recipe_is_told_in_a_sentence(data, sentence):
    with pytest.raises(ActvizError, match=sentence):
        export.read_recipe(data)


def test_a_png_cut_off_anywhere_is_read_or_told():
    data = export.png(pictures(1, 4, 6), RECIPE)
    read = 0
    for length in range(len(data)):
        try:
            read += export.read_recipe(data[:length]) == RECIPE
        except ActvizError as problem:
            assert str(problem)
    assert 0 < read < 200  # the recipe stands before the pixels


def test_a_png_with_any_byte_changed_is_read_or_told():
    data = bytearray(export.png(pictures(1, 4, 6), RECIPE))
    for position in range(len(data)):
        data[position] ^= 0xFF
        try:
            export.read_recipe(bytes(data))
        except ActvizError as problem:
            assert str(problem)
        data[position] ^= 0xFF


class Trap:
    def __reduce__(self):
        return pytest.fail, ("it was unpickled",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_nothing_is_ever_unpickled(protocol):
    with pytest.raises(ActvizError):
        export.read_recipe(pickle.dumps(Trap(), protocol))
    with pytest.raises(ActvizError):
        export.read_recipe(with_text(pickle.dumps(Trap(), protocol).decode("latin-1")))
