"""Indexes on disk: what becomes of them when files are damaged, and when several processes make them."""

import os

import numpy as np
import pytest

from actviz_core import DamagedIndex, Folder, find_index
from actviz_core.studies import indexing
from tests.core.studies.images import LAYERS, made, same
from tests.core.tiny import tiny_model


def test_damaged_files_are_made_again(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(indexing, "SHARD", 4)
    whole = made(folder, tmp_path)[-1].index
    place = indexing.place_of(tmp_path, tiny_model(), Folder(str(folder)))
    units = (place / "units.npy").read_bytes()
    (place / "units.npy").unlink()  # `whole` reads it still
    (place / "units.npy").write_bytes(units[:-1])
    assert find_index(tmp_path, tiny_model(), Folder(str(folder))) is None
    same(made(folder, tmp_path)[-1].index, whole)
    (place / "about.json").write_text("[]")
    run = indexing.indexing(tiny_model(), Folder(str(folder)), LAYERS, tmp_path)
    while not list(tmp_path.glob("*/*.npz")):
        next(run)
    run.close()
    [shard] = tmp_path.glob("*/*.npz")
    data = bytearray(shard.read_bytes())
    damaged = data.index(b"values-0.npy") + 160
    shard.write_bytes(data[:damaged] + bytes(8) + data[damaged + 8 :])
    same(made(folder, tmp_path)[-1].index, whole)


@pytest.mark.parametrize(
    ("field", "value"),
    [("quantiles", np.nan), ("patches.image", 11), ("patches.row", -3), ("patches.column", 16), ("tied", 0)],
)
def test_numbers_that_no_index_has_are_noticed_while_it_is_open(folder, tmp_path, field, value):
    index = made(folder, tmp_path)[-1].index
    place = indexing.place_of(tmp_path, tiny_model(), Folder(str(folder)))
    units = np.load(place / "units.npy", "r+")
    (units["patches"][field[8:]] if field.startswith("patches") else units[field])[1] = value
    units.flush()
    assert index.unit("conv1", 0)
    with pytest.raises(DamagedIndex, match="the index is damaged: it has to be made again."):
        index.unit("conv1", 1)
    assert find_index(tmp_path, tiny_model(), Folder(str(folder))) is None


def test_of_an_open_index_a_file_that_becomes_shorter_is_noticed_and_one_that_is_replaced_is_not(folder, tmp_path):
    index, place = made(folder, tmp_path)[-1].index, indexing.place_of(tmp_path, tiny_model(), Folder(str(folder)))
    best, picture = index.unit("output", 4).best, index.picture(10)
    (folder / "00.png").unlink()
    assert made(folder, tmp_path)[-1].index.images == 10
    assert index.unit("output", 4).best == best and index.picture(10) == picture
    index = find_index(tmp_path, tiny_model(), Folder(str(folder)))
    for file in ("units.npy", "pictures.npy"):
        os.truncate(place / file, 400)
    for ask in (lambda: index.unit("output", 4), lambda: index.picture(9)):
        with pytest.raises(DamagedIndex):
            ask()


@pytest.mark.parametrize("reached", ["10 of 14 images", "14 of 14 images"])
@pytest.mark.parametrize("theirs", [LAYERS, ("conv1",)], ids=["the same layers", "other layers"])
def test_of_two_that_make_an_index_at_once_nobody_loses(folder, tmp_path, monkeypatch, reached, theirs):
    """The first waits in the middle, or while it writes, until the second has finished."""
    monkeypatch.setattr(indexing, "TOGETHER", {"cpu": 2})
    monkeypatch.setattr(indexing, "SHARD", 4)
    ours, root = ("pool", "output") if theirs != LAYERS else LAYERS, tmp_path / "root"
    frames = indexing.indexing(tiny_model(), Folder(str(folder)), ours, root)
    next(frame for frame in frames if frame.words == reached)
    if reached.startswith("14"):
        next(frame for frame in frames if list(root.glob(".*.tmp")))
    assert made(folder, root, theirs)[-1].index.layers == theirs
    *_, last = frames
    both = ("conv1", "pool", "output") if theirs != LAYERS else LAYERS
    assert last.index.layers == both
    same(last.index, made(folder, tmp_path / "other", both)[-1].index)
    assert list(root.iterdir()) == [indexing.place_of(root, tiny_model(), Folder(str(folder)))]
