"""Where a gallery is kept: what is damaged, foreign or half made counts as absent."""

import io
import json
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from actviz_core import (
    ActvizError,
    Hyperparams,
    Store,
    default_folder,
    export,
)
from tests.core.studies.test_gallery import of, tile
from tests.core.tiny import tiny_model


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def test_what_is_kept_comes_back(model, store):
    plan = of(model)
    for kept in (tile(0), tile(3, "silent"), replace(tile(1, "failed"), reason="it burns")):
        store.put(plan, kept)
    found = Store(store.folder).tiles(plan)
    assert list(found) == [0, 3], "what failed is tried again"
    assert found[3].flag == "silent" and found[0].score == 0.25 and (found[0].image == tile(0).image).all()
    data = (store.place(plan) / "00003.png").read_bytes()
    assert data == store.png(plan, 3) and export.read_recipe(data) == plan.recipe_of(3)
    about = json.loads((store.place(plan) / "gallery.json").read_text())
    assert about["layer"] == "relu" and about["recipe"]["kind"] == "recipe"
    assert store.tiles(of(model, seed=5)) == {} and store.png(plan, 2) is None


def test_a_damaged_file_counts_as_absent(model, store):
    plan = of(model)
    store.put(plan, tile(1))
    file = store.place(plan) / "00001.png"
    whole = file.read_bytes()
    for cut in range(0, len(whole) - 20, 37):
        file.write_bytes(whole[:cut])
        assert store.tiles(plan) == {}
    pixels = whole.index(b"IDAT") + 20
    for place in range(pixels, pixels + 400, 23):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        found = store.tiles(plan)
        assert not found or (found[1].image == tile(1).image).all()
    text = PngImagePlugin.PngInfo()
    for key, value in Image.open(io.BytesIO(whole)).info.items():
        text.add_itxt(key, value)
    other = io.BytesIO()
    Image.fromarray(tile(2).image).save(other, "PNG", pnginfo=text)
    for data in (b"", b"no picture", export.png(tile(1).image[None], plan.recipe_of(1)), other.getvalue()):
        file.write_bytes(data)
        assert store.tiles(plan) == {}


def test_a_file_of_another_channel_or_gallery_counts_as_absent(model, store):
    plan, other = of(model), of(model, width=24)
    store.put(plan, tile(1))
    store.put(other, tile(1, width=24))
    place = store.place(plan)
    shutil.copy(place / "00001.png", place / "00002.png")
    shutil.copy(store.place(other) / "00001.png", place / "00003.png")
    (place / "00000.png").mkdir()
    (place / "1.png").write_text("")
    assert list(store.tiles(plan)) == [1]


def test_the_largest_picture_made_alike(model, store):
    wanted = of(model, height=96, width=96, iterations=100)
    assert store.largest(wanted, model, 1) is None
    coarse, fine, longer = of(model), of(model, height=24, width=32), of(model, height=24, width=32, iterations=8)
    for plan in (coarse, fine, longer):
        store.put(plan, tile(1, height=plan.spec.height, width=plan.spec.width))
    store.put(coarse, tile(2))
    for other in (
        of(model, seed=5),
        of(model, layer="conv2"),
        of(tiny_model(classes=3)),
        replace(longer, recipe=replace(longer.recipe, hyperparams=Hyperparams())),
    ):
        big = replace(other, recipe=replace(other.recipe, spec=replace(other.spec, height=48, width=48)))
        store.put(big, tile(1, height=48, width=48))
        assert (store.place(big) / "00001.png").is_file()
    assert store.largest(wanted, model, 1) == store.png(longer, 1) and store.largest(wanted, model, 3) is None
    assert store.largest(wanted, model, 2) == store.png(coarse, 2), "the others have no such channel"
    file = store.place(longer) / "00001.png"
    file.write_bytes(file.read_bytes()[:-30])
    assert store.largest(wanted, model, 1) == store.png(fine, 1)
    shutil.rmtree(store.place(fine))
    assert store.largest(wanted, model, 1) == store.png(coarse, 1)


@pytest.mark.parametrize(
    "about",
    [
        "",
        "[]",
        '{"weights": 3}',
        "{}",
        *(f'"height": {height}' for height in ("13", '"x"', "null", "1e400", "[8]", "8.0", "99999999", "true", "24")),
    ],
)
def test_a_folder_that_says_what_is_not_so_has_nothing(model, store, about):
    plan = of(model)
    store.put(plan, tile(1))
    file = store.place(plan) / "gallery.json"
    file.write_text(file.read_text().replace('"height": 12', about, 1) if about.startswith('"') else about)
    assert store.largest(of(model, iterations=8), model, 1) is None
    (store.folder / ("0" * 32)).mkdir()
    (store.folder / ("1" * 32)).write_text("")
    assert store.largest(of(model, iterations=8), model, 1) is None


@pytest.mark.parametrize("name", ["replace", "fsync"])
def test_what_could_not_be_finished_leaves_nothing(model, store, monkeypatch, name):
    plan = of(model)
    store.put(plan, tile(0))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, name, full)
    with pytest.raises(ActvizError, match="cannot be written: No space left on device"):
        store.put(plan, tile(1))
    assert sorted(path.name for path in store.place(plan).iterdir()) == ["00000.png", "gallery.json"]


def test_leftovers_of_the_killed_are_removed_when_old(model, store):
    plan = of(model)
    store.put(plan, tile(0))
    old, new = store.place(plan) / ".00001.png.aa.tmp", store.place(plan) / ".00002.png.bb.tmp"
    for file in (old, new):
        file.write_text("half")
    os.utime(old, (time.time() - 3600,) * 2)
    (store.folder / ".gone-abc").mkdir()
    (store.folder / "mine.txt").write_text("not yours")
    again = Store(store.folder)
    assert (
        not old.exists()
        and new.exists()
        and not (store.folder / ".gone-abc").exists()
        and (store.folder / "mine.txt").exists()
    )
    assert list(again.tiles(plan)) == [0]


def test_beyond_its_bound_the_oldest_gallery_goes(model, tmp_path):
    plans = [of(model, seed=seed) for seed in range(3)]
    store = Store(tmp_path, bound=10**9)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "00001.png").write_bytes(bytes(10**5))
    for age, plan in zip((300, 100, 200), plans, strict=True):
        store.put(plan, tile(0))
        for path in (store.place(plan) / "gallery.json", store.place(plan)):
            os.utime(path, (time.time() - age,) * 2)
    store = Store(tmp_path, bound=store.bytes + 100)
    store.tiles(plans[0])  # used now: no longer the oldest
    store.put(plans[1], tile(1))
    assert [store.place(plan).exists() for plan in plans] == [True, True, False] and (
        tmp_path / "mine" / "00001.png"
    ).exists()
    small = Store(tmp_path, bound=1)
    small.put(plans[1], tile(2))
    assert [small.place(plan).exists() for plan in plans] == [False, True, False]
    assert sorted(small.tiles(plans[1])) == [0, 1, 2], "never the one being written"


def test_files_may_vanish(model, store):
    plan = of(model)
    store.put(plan, tile(0))
    shutil.rmtree(store.place(plan))
    assert store.tiles(plan) == {} and store.png(plan, 0) is None
    store.put(plan, tile(1))
    assert list(store.tiles(plan)) == [1]
    shutil.rmtree(store.folder)
    with pytest.raises(ActvizError, match="cannot be written"):
        store.put(plan, tile(2))


def test_where_it_lies(monkeypatch, tmp_path):
    monkeypatch.delenv("ACTVIZ_STORE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "actviz" / "gallery"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_folder() == Path.home() / ".cache" / "actviz" / "gallery"
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path / "x"))
    assert default_folder() == tmp_path / "x"
    (tmp_path / "file").write_text("")
    with pytest.raises(ActvizError, match="the store .*file cannot be written"):
        Store(tmp_path / "file")
