"""Small pictures of a network's blocks: one at a time, while somebody looks, once for everybody."""

import math

import numpy as np
import pytest

from actviz_core import ActvizError, Channel, Gallery, GalleryFrame, Recipe, Spec, Store, Tile
from dashboard.jobs.block_pictures import ABSENT, COMPLETE, MAKING, OFF, SILENT, AllBlockPictures, BlockPictures
from tests.core.tiny import tiny_model

LAYERS = ("conv1", "relu", "pool")
RECIPE = Recipe(Spec("tiny", Channel("relu", 0), height=12, width=16, iterations=8))
NOTHING = np.zeros((0, 1, 1, 3), np.uint8)


class Makers:
    """Runs that go nowhere by themselves."""

    def __init__(self, store: Store):
        self.now, self.held, self.begun, self.store, self.model = 0.0, False, [], store, tiny_model()
        self.pictures = self.new()

    def new(self, layers=LAYERS):
        def start(run):
            self.begun.append(run)

        return BlockPictures(
            layers, self.galleries, self.render, start, self.open, lambda: self.held, clock=lambda: self.now
        )

    def open(self):
        if self.store is None:
            raise ActvizError("the store cannot be written.")
        return self.store

    def galleries(self, layer):
        fine = Gallery.of(self.model, layer, RECIPE)
        return fine, fine.coarse(self.model)

    def render(self, gallery, channels):
        self.wanted, self.size = (gallery.layer, channels), (gallery.spec.height, gallery.spec.width)

    def look(self, near=0, making=True, who="one"):
        self.pictures.look(who, near, making)
        return self.pictures.state()

    def make(self, flag="", reason=""):
        """What was begun last ends with that picture."""
        run, (layer, (channel,)) = self.begun[-1], self.wanted
        image = np.random.default_rng(channel).integers(0, 256, (*self.size, 3), dtype=np.uint8)
        run.note(GalleryFrame(8, NOTHING, (), tiles=(Tile(channel, image, 1.0, flag, reason),)), None)
        run.end("finished")
        return layer, channel


@pytest.fixture
def makers(tmp_path):
    return Makers(Store(tmp_path))


def told(state):
    return {layer: (channel, bool(version), words) for _, layer, channel, version, words in state["pictures"]}


def test_one_is_made_after_the_other_nearest_first_and_all_are_told_once(makers):
    assert makers.look(near=2)["status"] == MAKING and makers.wanted == ("pool", (0,))
    makers.look(near=2, who="two")
    assert len(makers.begun) == 1, "one run for all who look"
    assert makers.make() == ("pool", 0) and makers.make() == ("relu", 0) and makers.make() == ("conv1", 0)
    state = makers.look()
    assert (state["status"], state["count"], state["version"], len(makers.begun)) == (COMPLETE, 3, 3, 3)
    assert told(makers.pictures.state(2)) == {"conv1": (0, True, "")}
    index, _, _, version, _ = state["pictures"][0]
    assert index == 2 and makers.pictures.picture(2, version)[:2] == b"\xff\xd8", "a JPEG"
    assert makers.pictures.picture(2, "0" * 12) is None and makers.pictures.picture(9, version) is None


def test_what_the_store_has_is_found_by_another_server(makers):
    makers.look()
    for _ in LAYERS:
        makers.make()
    makers.pictures, begun = makers.new(), len(makers.begun)
    assert makers.look(making=False)["status"] == COMPLETE and len(makers.begun) == begun


def test_nothing_is_made_while_nobody_looks_or_wants_it_or_a_newcomer_is_served(makers):
    assert makers.look(making=False)["status"] == OFF and not makers.begun
    makers.held = True
    makers.pictures = makers.new()
    assert makers.look()["status"] == MAKING and not makers.begun and not makers.pictures.ways
    makers.held = False
    makers.look()
    (run,) = makers.begun
    makers.now += ABSENT + 1
    run.note(GalleryFrame(1, NOTHING, ()), None)
    assert run.cancelled, "nobody looks any more"
    run.end("cancelled")
    assert len(makers.begun) == 1 and makers.pictures.state()["status"] == OFF
    makers.look()
    assert len(makers.begun) == 2


def test_after_a_channel_that_never_fires_the_next_is_tried_and_at_last_it_is_said(makers):
    makers.look()
    assert [makers.make("silent") for _ in range(3)] == [("conv1", 0), ("conv1", 1), ("conv1", 2)]
    assert told(makers.pictures.state()) == {"conv1": (2, False, SILENT)}
    assert makers.make("failed", "it grew too large.")[0] == "relu"
    makers.begun[-1].end("failed", ActvizError("no memory."))
    assert told(makers.look()) == {
        "conv1": (2, False, SILENT),
        "relu": (0, False, "it grew too large."),
        "pool": (0, False, "no memory."),
    }
    assert makers.look()["status"] == COMPLETE and math.isinf(makers.begun[-1].iterations)


def test_without_a_store_pictures_are_made_all_the_same(makers):
    makers.store = None
    makers.look()
    makers.make()
    assert told(makers.look()) == {"conv1": (0, True, "")}


def test_a_block_of_which_no_picture_is_small_enough_says_so(makers):
    makers.pictures = makers.new(("nowhere", "relu"))
    assert "nowhere" in told(makers.look())["nowhere"][2] and makers.wanted == ("relu", (0,))


def test_networks_that_nobody_asks_for_are_forgotten(makers):
    every = AllBlockPictures(kept=1)
    first = every.open("first", makers.new)
    assert every.open("first", makers.new) is first and every.runs == []
    first.look("one", 0, making=True)
    assert every.runs == makers.begun
    every.open("second", makers.new)
    assert not first.watched and every.open("first", makers.new) is not first
