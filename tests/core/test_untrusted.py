"""Files, links and texts come from anywhere.

Each is used, or refused in a sentence, and none runs, opens or fills anything.
"""

import base64
import io
import json
import struct
import sys
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from actviz_core import (
    ActvizError,
    Axis,
    Change,
    Channel,
    Comparison,
    Gallery,
    Recipe,
    Spec,
    Store,
    Sweep,
    Tile,
    export,
    photographs,
    read_comparison,
    sweep,
)
from actviz_core.cli.main import main
from actviz_core.studies.comparison import Column
from actviz_core.studies.store import TILE_KEY, decoded, encoded
from tests.core.optimization.recipes import RECIPE
from tests.strategies import JSON, NUMBERS, spoiled_bytes, spoiled_json

PICTURES = np.random.default_rng(0).integers(0, 256, (1, 6, 9, 3), dtype=np.uint8)
COMPARISON = Comparison((Column(RECIPE), Column(replace(RECIPE, changes=()), False)))
SWEEP = Sweep(RECIPE, Axis("learning_rate", 0.1, 0.4, 2), Axis("jitter.pixels", 0, 5, 3))
GALLERY = Gallery(Recipe(Spec("m", Channel("a"), height=8, width=16)), 7, "hash")
TILE = encoded(GALLERY, Tile(3, np.zeros((8, 16, 3), np.uint8), 0.5))


def used_or_refused(read, *given):
    """What was read, None if it was refused in a sentence that people can read."""
    try:
        return read(*given)
    except ActvizError as problem:
        assert len(str(problem)) < 500 and "\n" not in str(problem) and str(problem).encode()


# recipes and comparisons


@given(spoiled_json(RECIPE.to_json()) | JSON.map(json.dumps) | st.text(max_size=40))
@example('{"kind": "recipe", "spec": {"model": "\\ud800", "objective": {"kind": "channel", "layer": "a"}}}')
@example('{"kind": "recipe", "spec": {"model": "m", "objective": {"kind": "class_logit", "label": %s}}}' % (4000 * "9"))
@example(
    '{"kind": "recipe", "spec": {"model": "m", "objective": {"kind": "channel", "layer": "a", "channel": %s}}}'
    % (4301 * "9")
)
@example('{"kind": "recipe", "spec": {"model": "%s", "objective": {"kind": "channel", "layer": "a"}}}' % (5000 * "x"))
def test_recipes(text):
    recipe = used_or_refused(Recipe.from_json, text)
    if recipe is not None:
        again = Recipe.from_json(recipe.to_json())
        assert again == recipe and hash(again) == hash(recipe) and recipe.spec.model.encode()


@given(spoiled_json(COMPARISON.to_json()))
def test_comparisons(text):
    comparison = used_or_refused(Comparison.from_json, text)
    assert comparison is None or Comparison.from_json(comparison.to_json()) == comparison


@given(spoiled_json(SWEEP.to_json()))
def test_sweeps(text):
    found = used_or_refused(Sweep.from_json, text)
    if found is not None:
        assert Sweep.from_json(found.to_json()) == found
        cells = used_or_refused(sweep, found.recipe, found.across, found.down)
        assert cells is None or len(cells) == found.across.steps * found.down.steps


@given(
    st.sampled_from(["learning_rate", "jitter.pixels", "l1.weight", "scale.low", "pad.fill", "narrow", ""]),
    NUMBERS,
    NUMBERS,
    st.integers(0, 8),
)
@example("learning_rate", 0.1, -1.0, 4)
@example("jitter.pixels", -1e308, 1e308, 4)
def test_sides_of_a_sweep(address, low, high, steps):
    side = used_or_refused(lambda: Axis(address, low, high, steps))
    cells = side and used_or_refused(sweep, RECIPE, side, Axis("rotate.degrees", 0, 5, 2))
    if cells:
        ends = sorted((side.low, side.high))
        values = [recipe.hyperparams.value(address) for _, recipe in cells]
        assert len(cells) == 2 * steps and all(ends[0] - 0.5 <= value * (1 + 1e-2) for value in values)
        assert all(value * (1 - 1e-2) <= ends[1] + 0.5 for value in values)


@pytest.mark.parametrize(
    "changes, sentence",
    [
        (
            {"count": 64, "height": 2048, "width": 2048, "objective": Channel("a")},
            "64 pictures of 2048 x 2048 are too many at once",
        ),
        ({"model": "m" * 1001}, "spec.model is 1,001 characters long; at most 1,000 are read."),
        ({"model": "a\0b"}, "not all of that are letters"),
        ({"objective": {"kind": "channel", "layer": "\udfff"}}, "not all of that are letters"),
        ({"objective": {"kind": "channel", "layer": "a", "channel": 2**63}}, "no whole number here is that large"),
    ],
)
def test_a_recipe_chooses_neither_memory_nor_letters_that_are_none(changes, sentence):
    with pytest.raises(ActvizError, match=sentence):
        Spec(**{"model": "m", "objective": Channel("a")} | changes)


@pytest.mark.parametrize("name", ["transforms", "regularizers"])
def test_a_list_of_very_many_parts_is_refused_before_they_are_named(name):
    kinds = {"transforms": "flip", "regularizers": "l1"}
    data = json.loads(RECIPE.to_json())
    data["hyperparams"][name] = [{"kind": kinds[name]}] * 4_000
    with pytest.raises(ActvizError, match=f"there are 4,000 {name}; at most 32 are used."):
        Recipe.from_json(json.dumps(data))


def test_a_list_of_very_many_changes_is_refused_before_they_are_read(monkeypatch):
    data = json.loads(replace(RECIPE, spec=replace(RECIPE.spec, iterations=30_000)).to_json())
    data["changes"] = [{"kind": "change", "iteration": index + 1, "hyperparams": {}} for index in range(15_000)]
    assert len(Recipe.from_json(json.dumps(data | {"changes": data["changes"][:5000]})).changes) == 5000
    read = []
    monkeypatch.setattr(Change, "__post_init__", lambda change: read.append(change))
    with pytest.raises(ActvizError, match=r"recipe.changes has 15,000 entries; at most 5,000 are read."):
        Recipe.from_json(json.dumps(data))
    assert not read


def test_a_recipe_imports_nothing(tmp_path, monkeypatch, capsys):
    """`visualize --recipe` once registered the model that the file named: it ran the file's choice of code."""
    (tmp_path / "stranger.py").write_text(
        "from pathlib import Path\nPath('ran').write_text('')\ndef f(): Path('called').write_text('')\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    recipe = Recipe(Spec("stranger:f", Channel("a")))
    (tmp_path / "r.json").write_text(recipe.to_json())
    (tmp_path / "r.png").write_bytes(export.png(PICTURES, recipe))
    for file in ("r.json", "r.png"):
        assert main(["visualize", "--recipe", file]) == 2
        assert (
            "actviz: The network 'stranger:f' is not registered: a recipe or a link imports nothing. "
            "Name it with --model"
        ) in capsys.readouterr().err
    assert "stranger" not in sys.modules and not (tmp_path / "ran").exists() and not (tmp_path / "called").exists()


def test_a_recipe_opens_no_file(tmp_path, monkeypatch, capsys):
    """It names weights by their hash; the file is named by whoever uses the recipe."""
    monkeypatch.chdir(tmp_path)
    for weights in ("/dev/zero.pth", "secret.pth", "sha256:" + 64 * "0"):
        (tmp_path / "r.json").write_text(Recipe(Spec("squeezenet1_1", Channel("a"), weights=weights)).to_json())
        assert main(["visualize", "--recipe", "r.json"]) == 2
        assert "the recipe needs a file of weights" in capsys.readouterr().err


# images


def chunks_of(png: bytes):
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def png_of(chunks) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


NAMES = st.sampled_from(
    [
        b"IHDR",
        b"PLTE",
        b"tRNS",
        b"iCCP",
        b"gAMA",
        b"cHRM",
        b"pHYs",
        b"eXIf",
        b"tEXt",
        b"zTXt",
        b"iTXt",
        b"acTL",
        b"fcTL",
        b"IDAT",
        b"IEND",
        b"sRGB",
    ]
)
CONTENTS = st.one_of(
    st.binary(max_size=24),
    st.binary(max_size=8).map(lambda data: b"actviz\0" + data),
    st.binary(max_size=30).map(lambda data: b"actviz\0\0" + zlib.compress(data)),
)


@st.composite
def strange_pngs(draw, png: bytes):
    """A good PNG with chunks of other contents, in which every checksum is right."""
    chunks = list(chunks_of(png))
    for _ in range(draw(st.integers(1, 3))):
        chunk = draw(st.tuples(NAMES, CONTENTS))
        at = draw(st.integers(0, len(chunks)))
        chunks[at : at + draw(st.integers(0, 1))] = [chunk]
    return png_of(chunks)


SAVED = export.png(PICTURES, RECIPE)


@given(spoiled_bytes(SAVED) | strange_pngs(SAVED) | st.binary(max_size=60))
@example(png_of([(b"IHDR", b"\0" * 5)]))
def test_pngs_with_recipes(data):
    assert isinstance(used_or_refused(export.read_recipe, data), Recipe | None)
    assert isinstance(used_or_refused(read_comparison, data), Comparison | None)


def image_file(kind: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(PICTURES[0]).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", photographs.READABLE)
def test_photographs(kind):
    @given(spoiled_bytes(image_file(kind)))
    def every(data):
        read = used_or_refused(photographs.read, data)
        assert read is None or read.dtype == np.uint8 and read.ndim == 3 and read.shape[2] == 3

    every()


@given(strange_pngs(image_file("PNG")))
def test_photographs_with_strange_chunks(data):
    used_or_refused(photographs.read, data)


def test_a_small_link_does_not_hold_a_huge_photograph():
    file = io.BytesIO()
    Image.new("1", (5000, 6000)).save(file, "PNG", optimize=True)
    text = base64.b64encode(file.getvalue()).decode()
    assert len(text) < 10_000
    with pytest.raises(ActvizError, match="the image has 5000 x 6000 pixels; at most 4,194,304 are read."):
        photographs.from_base64(text, 64, 64)


# the store


def tile_with(about: str) -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_itxt(TILE_KEY, about)
    file = io.BytesIO()
    Image.new("RGB", (16, 8)).save(file, "PNG", pnginfo=text)
    return file.getvalue()


ABOUT = json.dumps(json.loads(Image.open(io.BytesIO(TILE)).info[TILE_KEY]))


@given((spoiled_json(ABOUT) | JSON.map(json.dumps)).map(tile_with) | spoiled_bytes(TILE) | strange_pngs(TILE))
@example(tile_with("[" * 100_000))
@example(tile_with(ABOUT.replace('"score": 0.5', '"score": ' + "9" * 400)))
def test_tiles(data):
    tile = decoded(GALLERY, 3, data)
    assert tile is None or tile.image.shape == (8, 16, 3) and np.isfinite(tile.score)


def test_what_is_no_tile_gives_way_to_one(tmp_path):
    store, tile = Store(tmp_path), Tile(3, np.zeros((8, 16, 3), np.uint8), 0.5)
    (store.place(GALLERY) / "00003.png" / "inside").mkdir(parents=True)
    (store.place(GALLERY) / "gallery.json").mkdir()
    assert store.tiles(GALLERY) == {}
    store.put(GALLERY, tile)
    assert store.tiles(GALLERY)[3].score == 0.5
