"""The gallery: its key, its pictures, its store on disk that survives anything, and its command."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from actviz_core import (
    ActvizError,
    Channel,
    Frame,
    Gallery,
    Hyperparams,
    Jitter,
    Recipe,
    Spec,
    Tile,
    TotalVariation,
    export,
    gallery_sheet,
    gallery_table,
    optimize,
    rendering,
)
from actviz_core.cli.main import main
from actviz_core.optimization.loop import iterate
from actviz_core.studies import alone, gallery
from actviz_core.studies.gallery import batch_size, batches
from actviz_core.studies.sheet import heading_of
from tests.core.tiny import tiny_model

HEIGHT, WIDTH = 12, 16
RECIPE = Recipe(
    Spec("tiny", Channel("relu", 0), height=HEIGHT, width=WIDTH, iterations=4, redirected=2),
    Hyperparams(0.1, (Jitter(2),)),
)


def of(model, **changes) -> Gallery:
    return Gallery.of(model, changes.pop("layer", "relu"), replace(RECIPE, spec=replace(RECIPE.spec, **changes)))


def made(model, plan, channels) -> dict[int, Tile]:
    tiles = []
    frames = list(rendering(plan, model, channels, tiles.append))
    assert frames[-1].iteration == plan.spec.iterations
    return {tile.channel: tile for tile in tiles}


def tile(channel=0, flag="", value=None, height=HEIGHT, width=WIDTH) -> Tile:
    rng = np.random.default_rng(channel if value is None else value)
    return Tile(channel, rng.integers(0, 256, (height, width, 3), dtype=np.uint8), channel + 0.25, flag)


@pytest.fixture
def mute():
    """The tiny network, whose third channel of `relu` never fires."""
    model = tiny_model()
    model.network.conv1.weight[2] = 0
    model.network.conv1.bias[2] = -1
    return model


# what a gallery is


def test_its_key_tells_all_that_makes_the_pictures(model):
    plan = of(model)
    assert plan.key == of(tiny_model()).key and len(plan.key) == 32
    assert plan.key == of(model, weights="/elsewhere/tiny.pth").key == of(model, objective=Channel("fc", 3)).key
    other = tiny_model()
    other.network.fc.weight[0, 0] += 1e-6
    keys = {
        of(m, **c).key
        for m, c in [
            (model, {}),
            (model, dict(seed=1)),
            (model, dict(layer="pool")),
            (model, dict(width=24)),
            (model, dict(iterations=5)),
            (other, {}),
        ]
    }
    assert len(keys) == 6


def test_its_channels_and_recipes(model):
    plan = of(model, layer="fc", count=3, objective=Channel("relu", 2))
    assert plan.channels == 5 and plan.layer == "fc"
    assert plan.recipe_of(3).spec == replace(RECIPE.spec, objective=Channel("fc", 3))
    assert plan.spec_of((1, 4)).objective == (Channel("fc", 1), Channel("fc", 4))
    with pytest.raises(ActvizError, match="no layer 'rely'"):
        of(model, layer="rely")


def test_first_it_is_coarse(model):
    coarse = of(model, height=32, width=64, iterations=100).coarse(model)
    assert (coarse.spec.height, coarse.spec.width, coarse.spec.iterations) == (16, 32, 25)
    assert of(model, iterations=20).coarse(model).spec.iterations == 8
    assert of(model, iterations=4).coarse(model).spec.iterations == 4


@pytest.mark.parametrize(
    "text, channels", [("", {0, 1, 2, 3}), ("0-2", {0, 1, 2}), ("3, 1", {1, 3}), ("2-2,0", {0, 2})]
)
def test_chosen_channels(model, text, channels):
    assert of(model).chosen(text) == channels


@pytest.mark.parametrize(
    "text, told",
    [
        ("1-", "cannot be read"),
        ("2-1", "cannot be read"),
        ("a", "cannot be read"),
        ("1,,2", "cannot be read"),
        ("-1", "cannot be read"),
        ("1-999999999", "4 channels (0 to 3)"),
        ("4", "channel 4 is out of range"),
    ],
)
def test_channels_that_do_not_exist(model, text, told):
    with pytest.raises(ActvizError) as problem:
        of(model).chosen(text)
    assert told in str(problem.value)


def test_batches_are_cut_at_the_same_places_whatever_is_missing():
    assert batches(range(10), 4) == [(0, 1, 2, 3), (4, 5, 6, 7), (8, 9)]
    assert batches({9, 6, 1, 5}, 4) == [(1,), (5, 6), (9,)] and batches((), 4) == []


@pytest.mark.parametrize(("tile", "together"), [(0, 8), (16, 16)])
def test_more_tiles_than_whole_pictures_are_made_together(model, tile, together):
    spec = replace(RECIPE.spec, tile=tile)
    assert batch_size(Gallery.of(model, "relu", Recipe(spec, RECIPE.hyperparams)), model) == together


# its pictures


@pytest.mark.parametrize("channels", [(0, 1, 3), (3,)])
def test_a_batch_is_one_run_of_the_loop(model, channels):
    plan = of(model)
    *_, last = optimize(model, plan.spec_of(channels), RECIPE.hyperparams)
    tiles = made(model, plan, channels)
    assert tuple(tiles) == channels
    for index, channel in enumerate(channels):
        assert (
            (tiles[channel].image == last.images[index]).all()
            and tiles[channel].score == last.score[index]
            and not tiles[channel].flag
        )


def test_pictures_that_nobody_sees_are_not_made(model):
    steps = list(rendering(of(model, iterations=24), model, (3,), lambda tile: None))
    assert [step.iteration for step in steps] == list(range(1, 25))
    assert [step.iteration for step in steps if isinstance(step, Frame)] == [3, 6, 9, 12, 15, 18, 21, 24]


@pytest.mark.parametrize("hyperparams", [Hyperparams(0.1, (Jitter(2),)), Hyperparams(0.1, (), (TotalVariation(0.1),))])
def test_a_channel_that_never_fires_is_marked(mute, hyperparams):
    plan = replace(of(mute), recipe=replace(of(mute).recipe, hyperparams=hyperparams))
    tiles = made(mute, plan, (0, 1, 2, 3))
    assert tiles[2].flag == "silent" and tiles[2].score == 0
    assert [tile.flag for channel, tile in tiles.items() if tile.score] == [""] * sum(
        bool(tile.score) for tile in tiles.values()
    )


def test_a_batch_that_fails_is_made_one_by_one(model, monkeypatch):
    def failing(ascent):
        if Channel("relu", 1) in ascent.spec.objectives:
            raise ActvizError("it burns.")
        return iterate(ascent)

    monkeypatch.setattr(alone, "iterate", failing)
    tiles = made(model, of(model), (0, 1, 2, 3))
    assert {channel: (tile.flag, tile.reason) for channel, tile in tiles.items() if tile.flag} == {
        1: ("failed", "it burns.")
    } and len(tiles) == 4


# its sheet and table


def test_the_sheet_shows_every_tile_and_carries_the_recipe(model):
    plan = of(model, height=64, width=96)
    tiles = {
        channel: tile(channel, flag, height=64, width=96) for channel, flag in ((0, ""), (2, "silent"), (3, "failed"))
    }
    data = gallery_sheet(plan, tiles)
    whole = np.asarray(Image.open(io.BytesIO(data)))
    assert export.read_recipe(data) == plan.recipe
    shown = [
        any(
            (whole[r : r + 64, c : c + 96] == t.image).all()
            for r in range(whole.shape[0] - 63)
            for c in range(whole.shape[1] - 95)
        )
        for t in tiles.values()
    ]
    assert shown == [True, False, False]


def test_the_sheet_says_of_what_it_is_and_how_often_its_pictures_repeat(model):
    plan = of(model, height=64, width=96)
    tile = replace(plan, recipe=replace(plan.recipe, spec=replace(plan.spec, tile=48)))
    about = f"{plan.spec.model}, {plan.layer}: 3 of {plan.channels} channels, {plan.spec.iterations} iterations"
    assert heading_of(plan, 3, "") == about
    assert heading_of(tile, 3, "highest score first") == f"{about}, repeats every 48 px, highest score first"


def test_the_sheet_has_the_order_of_its_tiles_and_names_it(model):
    tiles = [tile(channel, height=64, width=64) for channel in (5, 1)]
    sheets = [
        np.asarray(
            Image.open(
                io.BytesIO(
                    gallery_sheet(
                        of(model, height=64, width=64), {each.channel: each for each in order}, order="the last first"
                    )
                )
            )
        )
        for order in (tiles, tiles[::-1])
    ]
    places = [
        [
            next(
                c
                for c in range(sheet.shape[1] - 63)
                for r in range(sheet.shape[0] - 63)
                if (sheet[r : r + 64, c : c + 64] == each.image).all()
            )
            for each in tiles
        ]
        for sheet in sheets
    ]
    assert places[0] == places[1][::-1] and places[0][0] < places[0][1]


def test_the_table(model):
    tiles = {3: tile(3, "failed"), 0: tile(0), 2: replace(tile(2, "silent"), score=0.0)}
    assert list(csv.reader(io.StringIO(gallery_table(tiles)))) == [
        ["channel", "score", "state"],
        ["0", "0.25", "made"],
        ["2", "0.0", "silent"],
        ["3", "", "failed"],
    ]


# its command

SMALL = ["gallery", "--layer", "blocks.1.0", "--size", "32", "--iterations", "2"]


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["--layer", "blocks.1.9"], "has no layer 'blocks.1.9' (did you mean blocks.1."),
        (
            ["--channels", "0-24"],
            "channel 24 is out of range: layer blocks.1.0 of efficientnet_lite0 has 24 channels (0 to 23).",
        ),
        (["--channels", "x"], "the channels 'x' cannot be read"),
        (["--store", "taken"], "the store taken cannot be written: File exists."),
        (["--preset", "lucyd"], "no preset 'lucyd'"),
        (["--iterations", "0"], "spec.iterations is 0"),
        (["--sheet", "no/a.png"], "to write a.png into"),
        (["--model", "efficientnet_lite9"], "no model 'efficientnet_lite9'"),
    ],
)
def test_what_was_asked_for_wrongly(arguments, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("")
    assert main([*SMALL, "--store", "store", *arguments]) == 2
    told = capsys.readouterr().err
    assert sentence in told and "Traceback" not in told


def test_the_next_call_makes_only_what_is_missing(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ACTVIZ_STORE", str(tmp_path))
    counted, tiles_of = [], gallery.tiles_of
    monkeypatch.setattr(gallery, "tiles_of", lambda *given: counted.append(len(given[2])) or tiles_of(*given))
    assert main([*SMALL, "--channels", "0-3,9"]) == 0 and counted == [4, 1]
    assert main([*SMALL, "--channels", "0-9"]) == 0 and counted == [4, 1, 4, 1]
    assert main([*SMALL, "--channels", "0-9"]) == 0 and len(counted) == 4
    assert "10 of 24 channels of blocks.1.0" in capsys.readouterr().out


def test_the_weights_are_hashed_once(model, monkeypatch):
    first = model.weights_hash
    monkeypatch.setattr(torch.Tensor, "cpu", lambda self: pytest.fail("hashed again"))
    assert model.weights_hash == first
