"""Indexes of images: what is in them, what is skipped, and what is left when a process is killed."""

import io
import multiprocessing
import os
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from actviz_core import ActvizError, Folder, IndexImages, Samples, find_index
from actviz_core.dataset import index_bound
from actviz_core.models.activations import activations
from actviz_core.studies import indexing
from tests.core.studies.images import LAYERS, made, pictures, same
from tests.core.tiny import tiny_model

FORKED = multiprocessing.get_context("fork")  # a new process would import torch again


def test_an_index_has_what_a_look_at_every_image_finds(folder, tmp_path):
    model = tiny_model()
    frames = made(folder, tmp_path / "root")
    index = frames[-1].index
    assert (index.images, index.about, index.small, index.layers) == (11, "the folder images", True, LAYERS)
    assert [name for name, _ in index.skipped] == ["more/copy.png", "notes.jpg", "short.png"]
    assert index.skipped[0][1] == "nearly the same as 02.png" and "not an image" in index.skipped[1][1]
    assert [frame.fraction for frame in frames] == sorted(frame.fraction for frame in frames) and frames[
        -1
    ].fraction == 1
    images = torch.from_numpy(pictures(11)).permute(0, 3, 1, 2).float() / 255
    for layer, maps in activations(model, images, LAYERS).items():
        assert index.channels(layer) == maps.shape[1]
        for channel in range(maps.shape[1]):
            record, values = index.unit(layer, channel), maps[:, channel].flatten(1).amax(1)
            assert [each.image for each in record.best] == np.argsort(-values.numpy(), kind="stable")[:9].tolist()
            for each in (*record.best, *record.random, *record.spread):
                here = maps[each.image, channel]
                assert each.value == pytest.approx(float(values[each.image]), abs=1e-5)
                assert float(here[each.row, each.column]) == float(here.max())
    file = io.BytesIO()
    Image.fromarray(pictures(11)[10]).save(file, "JPEG", quality=90)
    assert index.picture(10) == file.getvalue()
    assert find_index(tmp_path / "root", model, Folder(str(folder))).unit("pool", 1).tied == index.unit("pool", 1).tied
    assert [file.name for file in (tmp_path / "root").iterdir()] == [
        indexing.place_of(Path(), model, Folder(str(folder))).name
    ]


def test_what_is_there_is_not_made_again_and_other_layers_are_added(folder, tmp_path, monkeypatch):
    version = made(folder, tmp_path, ("conv1",))[-1].index.version
    reads = counted(monkeypatch)
    assert len(made(folder, tmp_path, ("conv1",))) == 1 and not reads
    index = made(folder, tmp_path, ("pool",))[-1].index
    assert index.layers == ("conv1", "pool") and len(reads) == 14 and index.version == version
    chart = ("conv1", "relu", "conv2", "relu@2", "pool", "fc")
    assert made(folder, tmp_path, ())[-1].index.layers == chart, "of a few layers no index is whole"
    reads.clear()
    assert len(made(folder, tmp_path, ())) == 1 and not reads
    (folder / "notes.jpg").unlink()
    index = made(folder, tmp_path)[-1].index
    assert len(reads) == 13 and [name for name, _ in index.skipped] == ["more/copy.png", "short.png"]
    Image.fromarray(255 - pictures(11)[4]).save(folder / "04.png")
    other = made(folder, tmp_path)[-1].index
    assert (other.names, other.images) == (index.names, 11) and len({version, index.version, other.version}) == 3
    assert find_index(tmp_path, tiny_model(classes=4), Folder(str(folder))) is None, "other weights"


def counted(monkeypatch) -> list:
    reads, read = [], Folder.read
    monkeypatch.setattr(Folder, "read", lambda folder, entry: [reads.append(entry.name), read(folder, entry)][1])
    return reads


def index_a_frame_at_a_time(folder, root, wishes):
    """In a process of its own: tells of each frame, and waits to be told to go on."""
    indexing.SHARD, indexing.TOGETHER = 4, {"cpu": 2}
    work = IndexImages(("tiny", ""), Folder(str(folder)), LAYERS, str(root))
    for frame in work.begin(lambda name, weights: tiny_model()):
        wishes.send(frame.words)
        wishes.recv()


@pytest.mark.parametrize("passed", ["10 of 14 images", "14 of 14 images"])
def test_a_process_that_is_killed_loses_nothing_that_was_kept(folder, tmp_path, monkeypatch, passed):
    """Once in the middle of a shard, once while the index is made of them."""
    ours, theirs = FORKED.Pipe()
    child = FORKED.Process(target=index_a_frame_at_a_time, args=(folder, tmp_path / "root", theirs))
    child.start()
    seen = [ours.recv()]
    while seen.count(passed) < (3 if passed.startswith("14") else 1):
        ours.send("on")
        seen.append(ours.recv())
    child.kill()
    child.join()
    assert find_index(tmp_path / "root", tiny_model(), Folder(str(folder))) is None
    reads = counted(monkeypatch)
    monkeypatch.setattr(indexing, "TOGETHER", {"cpu": 2})
    index = made(folder, tmp_path / "root")[-1].index
    names = sorted(str(file.relative_to(folder)) for file in folder.rglob("[!.]*") if file.is_file())
    assert reads == (names[8:] if passed.startswith("10") else [])
    same(index, made(folder, tmp_path / "other")[-1].index)
    assert len(list((tmp_path / "root").iterdir())) == 1, "nothing is left beside the index"


def test_beyond_its_bound_what_was_not_used_for_longest_goes(folder, tmp_path, monkeypatch):
    root, models = tmp_path / "root", [tiny_model(classes=classes) for classes in (5, 4, 3)]
    places = [indexing.place_of(root, model, Folder(str(folder))) for model in models]
    for model in models[:2]:
        made(folder, root, ("output",), model)
    begun, written, ancient = root / f"{'a' * 32}-{'b' * 8}", root / f"{'c' * 32}-{'d' * 8}", root / "mine"
    for other in (begun, written, ancient):
        other.mkdir()
        (other / "000000000.npz").write_bytes(bytes(1000))
    for age, place in ((5000, ancient), (4000, begun), (3000, places[0]), (2000, places[1]), (500, written)):
        for path in (*place.glob("about.json"), place):
            os.utime(path, (time.time() - age,) * 2)
    assert find_index(root, models[0], Folder(str(folder)))  # used now: no longer the oldest
    there = sum(index_bound.bytes_in(place) for place in (*places[:2], written))
    monkeypatch.setattr(index_bound, "BOUND", there)
    made(folder, root, ("output",), models[2])
    assert sorted(root.iterdir()) == sorted((places[0], places[2], written, ancient))
    monkeypatch.setattr(index_bound, "BOUND", 1)
    made(folder, root, ("conv1",), models[2])
    assert sorted(root.iterdir()) == sorted((places[2], written, ancient)), "neither the one made nor one on its way"


def test_what_is_written_takes_its_room_at_once(folder, tmp_path):
    """Holes are filled when pages are: where the disk is full then, that is no error but the end of the process."""
    run = indexing.indexing(tiny_model(), Folder(str(folder)), LAYERS, tmp_path)
    next(frame for frame in run if list(tmp_path.glob(".*/units.npy")))
    [units] = tmp_path.glob(".*/units.npy")
    assert units.stat().st_size == 320 + 846 * 4, "a header, and the channels of the first layer"


def test_shards_that_somebody_has_removed_are_told(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(indexing, "TOGETHER", {"cpu": 2})
    monkeypatch.setattr(indexing, "SHARD", 4)
    run = indexing.indexing(tiny_model(), Folder(str(folder)), LAYERS, tmp_path / "root")
    next(frame for frame in run if frame.words == "10 of 14 images")
    shutil.rmtree(next((tmp_path / "root").iterdir()))
    with pytest.raises(ActvizError, match=r"parts of the index in .* were lost meanwhile: make it once more."):
        list(run)
    assert made(folder, tmp_path / "root")[-1].index.images == 11


def test_a_folder_that_disappears_is_told_and_what_was_done_stays(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(indexing, "TOGETHER", {"cpu": 2})
    run = indexing.indexing(tiny_model(), Folder(str(folder)), LAYERS, tmp_path / "root")
    next(frame for frame in run if frame.words == "4 of 14 images")
    folder.rename(tmp_path / "away")
    folder.mkdir()  # as where a disk was mounted
    with pytest.raises(
        ActvizError, match=r"the folder images disappeared after \d+ of 14 images. These are kept: make"
    ):
        list(run)
    folder.rmdir()
    (tmp_path / "away").rename(folder)
    reads = counted(monkeypatch)
    assert made(folder, tmp_path / "root")[-1].index.images == 11 and len(reads) <= 10


@pytest.mark.parametrize("finished", [True, False])
def test_what_could_not_be_read_for_the_moment_is_tried_again(folder, tmp_path, monkeypatch, finished):
    monkeypatch.setattr(indexing, "SHARD", 4)
    monkeypatch.setattr(indexing, "TOGETHER", {"cpu": 2})
    heif = pytest.importorskip("pillow_heif")
    heif.from_pillow(Image.fromarray(pictures(12)[11])).save(folder / "03a.heic", quality=-1)
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pillow_heif", None)
        run = indexing.indexing(tiny_model(), Folder(str(folder)), LAYERS, tmp_path)
        last = next(frame for frame in run if frame.index or not finished and len(list(tmp_path.glob("*/*.npz"))) == 2)
        run.close()
    if finished:
        assert last.index.images == 11 and "install pillow-heif" in dict(last.index.skipped)["03a.heic"]
    assert made(folder, tmp_path)[-1].index.images == 12


def test_names_of_any_bytes_and_what_is_no_file_are_told_without_harm(folder, tmp_path):
    place = folder.rename(os.fsdecode(os.fsencode(tmp_path) + b"/f\xffo"))
    (place / os.fsdecode(b"bad \xff.png")).write_text("no image")
    (place / "red \x1b[31m\n.png").write_text("no image")
    (place / "nowhere.png").symlink_to("missing")
    os.mkfifo(place / "pipe.png")
    index = made(place, tmp_path / "root")[-1].index
    assert (index.about, index.images) == ("the folder f\ufffdo", 11)
    why = dict(index.skipped)
    assert {"bad \ufffd.png", "red \ufffd[31m\ufffd.png"} < set(why) and why["pipe.png"] == "this is no file."
    assert why["nowhere.png"] == "the file cannot be read: No such file or directory."
    Image.fromarray(pictures(12)[11]).save(place / "missing", "PNG")
    assert made(place, tmp_path / "root")[-1].index.images == 12, "a link that leads somewhere again"


def test_folders_without_images_are_told(tmp_path, folder):
    shutil.rmtree(folder)
    with pytest.raises(ActvizError, match=r"there is no folder .*images: name one that holds images."):
        made(folder, tmp_path / "root")
    folder.mkdir()
    with pytest.raises(ActvizError, match=r"the folder .*images has no files: name one"):
        made(folder, tmp_path / "root")
    (folder / "notes.txt").write_text("hello")
    with pytest.raises(ActvizError, match=r"none of the 1 files in the folder images can be indexed; notes.txt: this"):
        made(folder, tmp_path / "root")
    assert not list((tmp_path / "root").iterdir())
    with pytest.raises(ActvizError, match="tiny has no layer 'conv9'"):
        made(folder, tmp_path / "root", ("conv9",))
    (tmp_path / "file").write_text("")
    Image.fromarray(pictures(1)[0]).save(folder / "a.png")
    with pytest.raises(ActvizError, match=r"the index in .*file cannot be written: Not a directory."):
        made(folder, tmp_path / "file")


def test_an_image_that_the_network_fails_for_is_skipped_and_named(folder, tmp_path, monkeypatch):
    def fail(_module, inputs) -> None:
        black = (inputs[0].amax((1, 2, 3)) < 0).nonzero()
        if len(black):
            raise ValueError("log of zero")

    model = tiny_model()
    Image.new("RGB", (16, 12)).save(folder / "03a.png")
    model.network.register_forward_pre_hook(fail)
    index = made(folder, tmp_path, model=model)[-1].index
    assert index.images == 11 and dict(index.skipped)["03a.png"] == "the network fails for it. ValueError: log of zero"
    model = tiny_model()
    model.network.conv2.bias.fill_(torch.nan)
    said = "the network fails.* The layer 'pool' of tiny answers an image with numbers that are not finite"
    with pytest.raises(ActvizError, match=f"none of the 15 files in .*; 00.png: {said}"):
        made(folder, tmp_path / "other", ("pool",), model)
    monkeypatch.setattr(indexing, "FAILURES", 4)
    with pytest.raises(ActvizError, match=f"03.png and others before: {said}"):
        made(folder, tmp_path / "other", ("pool",), model)


def test_the_sample_photographs_are_some_fifty_images(tmp_path):
    *_, last = indexing.indexing(tiny_model(), Samples(), ("output",), tmp_path)
    assert (last.index.images, last.index.small, last.index.skipped) == (55, True, ())
    assert last.words == "55 images" and last.index.names[:6:5] == ("cat 0", "coffee 0")
