"""Every tile is what its own recipe makes alone, whatever it was made beside."""

import csv
import multiprocessing
import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from actviz_core import (
    Adam,
    Channel,
    Crops,
    Gallery,
    GradientAscent,
    Hyperparams,
    Jitter,
    Neuron,
    Noise,
    PhaseImage,
    PixelImage,
    Recipe,
    Spec,
    Store,
    TotalVariation,
    export,
    load_model,
    optimize,
    rendering,
)
from actviz_core.cli.main import main
from actviz_core.models.kernels import pin
from actviz_core.models.model import Model
from actviz_core.studies import alone
from actviz_core.studies.gallery import batches

LITE, DEFAULTS = "efficientnet_lite0", Hyperparams()
WAYS = {
    "good": (dict(), Hyperparams()),
    "pixels": (
        dict(parametrization=PixelImage(), optimizer=GradientAscent("rms")),
        Hyperparams(10.0, (Jitter(2), Noise(0.1)), (TotalVariation(0.1),)),
    ),
    "crops": (dict(parametrization=PhaseImage()), Hyperparams(1.0, (Noise(0.1), Crops(32), Noise(0.05)))),
    "octaves": (dict(height=52, width=65, iterations=6, octaves=2, optimizer=Adam()), Hyperparams()),
    "grey, 16 bits": (dict(start="grey", precision="autocast"), Hyperparams()),
}


@pytest.fixture(scope="module")
def lite():
    return load_model(LITE, "cpu")


def plan_of(model: Model, layer: str, hyperparams=DEFAULTS, **given) -> Gallery:
    given = dict(height=32, width=40, iterations=3, redirected=1) | given
    return Gallery.of(model, layer, Recipe(Spec(model.name, Channel(layer, 0), **given), hyperparams))


def assert_same(frame, place, model, recipe):
    """The frame's picture at that place is the one that the recipe makes."""
    *_, last = optimize(model, recipe.spec, recipe.hyperparams)
    assert (frame.images[place] == last.images[0]).all()
    assert (frame.score[place], frame.gradient[place]) == (last.score[0], last.gradient[0])
    assert np.array_equal(frame.snapshot.parameters[place], last.snapshot.parameters[0])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("channels", [(5, 6), (7, 3, 20), tuple(range(8))])
def test_a_picture_with_a_target_of_its_own_is_the_picture_alone(lite, way, channels):
    given, hyperparams = WAYS[way]
    plan = plan_of(lite, "blocks.1.0", hyperparams, **given)
    *_, last = optimize(lite, plan.spec_of(channels), hyperparams)
    for place, channel in enumerate(channels):
        assert_same(last, place, lite, plan.recipe_of(channel))


@pytest.mark.parametrize("layer", ["blocks.0.0", "blocks.1.0", "blocks.4.0", "classifier"])
def test_so_it_is_in_every_layer_at_a_larger_size(lite, layer):
    plan = plan_of(lite, layer, height=96, width=112, iterations=2)
    *_, last = optimize(lite, plan.spec_of((1, 0, 4)), Hyperparams())
    for place, channel in enumerate((1, 0, 4)):
        assert_same(last, place, lite, plan.recipe_of(channel))


def test_targets_of_different_kinds_share_their_draw_too(lite):
    objectives = Channel("blocks.1.0", 1), Neuron("blocks.2.0", 2)
    spec = Spec(LITE, objectives, height=32, width=40, count=2, iterations=3, redirected=1)
    *_, last = optimize(lite, spec, Hyperparams())
    for place, objective in enumerate(objectives):
        assert_same(last, place, lite, Recipe(replace(spec, objective=objective, count=1), Hyperparams()))


def test_pictures_of_one_target_have_noise_and_views_of_their_own(model):
    spec = Spec("tiny", Channel("relu", 1), height=12, width=16, count=2, iterations=1)
    *_, last = optimize(model, spec, Hyperparams())
    assert spec.draws == 2 and (last.images[0] != last.images[1]).any()


# tiles


def files(store: Store, plan: Gallery) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in store.place(plan).glob("*.png")}


def test_whatever_is_missing_the_same_files_are_made(lite, tmp_path):
    plan = plan_of(lite, "blocks.1.0")
    whole = Store(tmp_path / "whole")
    list(whole.fill(plan, lite, range(24)))
    expected = files(whole, plan)
    for number, channels in enumerate(((5, 6), (6,), (1, 9, 10, 23), tuple(range(3, 19)))):
        store = Store(tmp_path / str(number))
        list(store.fill(plan, lite, channels))
        assert files(store, plan) == {f"{channel:05}.png": expected[f"{channel:05}.png"] for channel in channels}
    for channel in (0, 13, 23):
        (whole.place(plan) / f"{channel:05}.png").write_bytes(b"damaged")
    list(whole.fill(plan, lite, set(range(24)) - whole.tiles(plan).keys()))
    assert files(whole, plan) == expected


def test_the_recipe_in_a_tile_makes_that_tile(lite, tmp_path):
    plan, store = plan_of(lite, "blocks.1.0", iterations=20), Store(tmp_path)
    list(store.fill(plan, lite, range(8)))
    for channel, tile in store.tiles(plan).items():
        recipe = export.read_recipe(store.png(plan, channel))
        *_, last = optimize(lite, recipe.spec, recipe.hyperparams)
        assert (last.images[0] == tile.image).all() and last.score == (tile.score,)


def test_killed_and_resumed_it_is_what_it_would_have_been(tmp_path):
    """What was made before is not made again."""
    small = ["gallery", "--layer", "blocks.1.0", "--size", "32", "--iterations", "20"]

    def command(name):
        files = ["--table", str(tmp_path / f"{name}.csv"), "--sheet", str(tmp_path / f"{name}.png")]
        return [*small, "--store", str(tmp_path / name), *files]

    process = multiprocessing.get_context("fork").Process(target=main, args=(command("killed"),))
    process.start()
    deadline = time.monotonic() + 120
    while not list((tmp_path / "killed").glob("*/00000.png")) and time.monotonic() < deadline and process.is_alive():
        time.sleep(0.01)  # between two looks at the condition
    process.kill()
    process.join()
    (folder,) = (tmp_path / "killed").glob("[0-9a-f]*")
    assert 0 < len(list(folder.glob("*.png"))) < 24 and not (tmp_path / "killed.png").exists()
    for file in folder.glob("0000[36].png"):
        file.unlink()  # as if the kill had come between two tiles of a batch
    kept = {file: file.stat().st_ino for file in folder.glob("*.png")}
    for name in ("killed", "whole"):
        assert main(command(name)) == 0
    scores = [list(csv.reader((tmp_path / f"{name}.csv").open())) for name in ("killed", "whole")]
    assert scores[0] == scores[1] and len(scores[0]) == 25
    assert {file: file.stat().st_ino for file in kept} == kept, "made again"
    assert export.read_recipe((tmp_path / "killed.png").read_bytes()).spec.iterations == 20
    assert len(list(folder.glob("*.png"))) == 24
    for file in folder.glob("*.png"):
        assert file.read_bytes() == (tmp_path / "whole" / folder.name / file.name).read_bytes()


# networks where pictures beside each other differ


class Crowded(nn.Module):
    """Answers a little differently when there are more than `most` pictures."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.conv, self.most, self.seen = nn.Conv2d(3, 8, 3), most, []

    def forward(self, x):
        self.seen.append(len(x))
        return self.conv(x * (1 + 1e-3 * (len(x) > self.most)))


@pytest.mark.parametrize("most, kinds", [(8, {8, 1}), (4, {8, 4, 1}), (1, {8, 4, 2, 1})])
def test_a_batch_that_is_not_what_each_is_alone_is_made_in_smaller_ones(most, kinds):
    network = Crowded(most).eval().requires_grad_(False)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network.conv.reset_parameters()
    pin(network)
    model = Model("crowded", network, (0.5,) * 3, (0.25,) * 3, 16, 24)
    plan, tiles = plan_of(model, "conv", height=16, width=24), []
    network.seen.clear()
    list(rendering(plan, model, tuple(range(8)), tiles.append))
    assert set(network.seen) == kinds and [tile.channel for tile in tiles] == list(range(8))
    for tile in tiles:
        *_, last = optimize(model, plan.recipe_of(tile.channel).spec, plan.recipe.hyperparams)
        assert (last.images[0] == tile.image).all() and last.score == (tile.score,) and not tile.flag
    network.seen.clear()
    list(rendering(plan, model, tuple(range(8)), tiles.append))
    assert len(network.seen) == plan.spec.iterations * 8 // most, "what is known is not looked at again"


def test_it_is_looked_at_once_for_each_size(lite, monkeypatch):
    looked = []
    monkeypatch.setattr(alone, "is_equal", lambda ascent, place, *_: looked.append(ascent.state.size) or True)
    plan = plan_of(lite, "blocks.1.0", height=64, width=80, iterations=4, octaves=2, octave_factor=2.0, seed=9)
    for channels in batches(range(16), 8):
        list(rendering(plan, lite, channels, lambda tile: None))
    assert looked == [(32, 40)] * 2 + [(64, 80)] * 2
