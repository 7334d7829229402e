"""Tiles: a small pattern is optimized, and repeats until the picture is full."""

import numpy as np
import pytest
import torch

from actviz_core import (
    ActvizError,
    Adam,
    Channel,
    FourierImage,
    Hyperparams,
    Jitter,
    Neuron,
    Pad,
    Recipe,
    Rotate,
    Scale,
    optimize,
)
from actviz_core.optimization.state import size_at
from actviz_core.optimization.views import Drawing, Moment, drawn, planned, seen, views
from tests.core.tiny_runs import PARAMETRIZATIONS, RANDOM, spec

GREY = torch.zeros(3, 1, 1)


@pytest.fixture
def tile():
    return torch.rand((2, 3, 24, 40), generator=torch.Generator().manual_seed(3))


def views_of(tile, *transforms):
    drawing = Drawing.of(len(tile), *tile.shape[2:], Moment(), tile.device, tiled=True)
    rng = torch.Generator().manual_seed(1)
    return seen(tile, planned(transforms, drawing, rng), rng, GREY, Moment())


@pytest.mark.parametrize("parametrization", PARAMETRIZATIONS, ids=lambda each: type(each).__name__)
def test_the_picture_is_the_tile_again_and_again(model, parametrization):
    run = spec(parametrization=parametrization, tile=24, height=40, width=64, iterations=3, count=2)
    for frame in optimize(model, run, RANDOM):
        assert frame.images.shape == (2, 40, 64, 3)
        alone = frame.images[:, :24, :24]
        assert np.array_equal(frame.images, np.tile(alone, (1, 2, 3, 1))[:, :40, :64])
        assert not np.array_equal(alone[:, :, :12], alone[:, :, 12:])


def test_a_tile_is_no_larger_than_the_picture():
    assert spec(tile=0, height=40, width=64).canvas == (40, 64)
    assert spec(tile=32, height=40, width=64).canvas == (32, 32)
    assert spec(tile=48, height=40, width=64).canvas == (40, 48)
    with pytest.raises(ActvizError, match="a tile has 16 pixels a side at least, or 0 for none; this is 8."):
        spec(tile=8)


def test_what_lies_outside_of_a_tile_is_the_tile(tile):
    seen = views_of(tile, Pad(8, "grey"))
    assert seen.shape == (2, 3, 40, 56)
    assert np.allclose(seen, np.pad(tile, ((0, 0), (0, 0), (8, 8), (8, 8)), mode="wrap"), atol=1e-5)


def test_a_shift_goes_around(tile):
    shifted = views_of(tile, Jitter(64))
    for before, after in zip(tile, shifted, strict=True):
        rolled = [torch.roll(before, (down, right), (1, 2)) for down in range(24) for right in range(40)]
        assert min((each - after).abs().max() for each in rolled) < 1e-4


def test_padding_may_wrap_without_a_tile(tile):
    seen = views(tile, (Pad(4, "wrap"),), torch.Generator(), GREY)
    assert np.allclose(seen, np.pad(tile, ((0, 0), (0, 0), (4, 4), (4, 4)), mode="wrap"), atol=1e-5)


def test_each_pixel_of_a_tile_is_moved_by_all_of_its_copies(tile):
    tile.requires_grad_()
    views_of(tile, Pad(24, "grey")).sum().backward()
    rows = torch.ones(24) * 3  # 24 + 2 x 24 rows
    columns = torch.tensor([3.0 if column >= 16 and column < 24 else 2.0 for column in range(40)])  # 40 + 2 x 24
    assert torch.allclose(tile.grad, (rows[:, None] * columns).expand(2, 3, 24, 40), atol=1e-3)


def test_the_same_views_whatever_was_drawn_before():
    transforms = (Pad(3, "reflect"), Jitter(5), Scale(0.9, 1.1), Rotate(9.0))
    plain, tiled = (drawn(transforms, 1, 24, 40, 7, Moment(), torch.device("cpu"), tiled) for tiled in (False, True))
    assert all(map(torch.equal, plain.thetas, tiled.thetas))


def test_a_run_of_a_tile_goes_on_from_a_snapshot_bit_for_bit(model):
    run = spec(
        tile=24,
        height=40,
        width=64,
        iterations=12,
        octaves=2,
        optimizer=Adam(),
        parametrization=FourierImage(coarse=0.4),
    )
    frames = list(optimize(model, run, RANDOM))
    assert size_at(run, 1) == (24, 24)  # too small a tile has no smaller octave
    for frame in frames[:-1]:
        again = list(optimize(model, run, RANDOM, frame.snapshot))
        assert np.array_equal(again[-1].images, frames[-1].images) and again[-1].score == frames[-1].score


def test_a_tile_grows_through_its_octaves(model):
    run = spec(tile=64, height=72, width=80, iterations=4, octaves=2, octave_factor=2.0)
    assert [size_at(run, number) for number in range(1, 5)] == [(32, 32), (32, 32), (64, 64), (64, 64)]
    for frame in optimize(model, run, RANDOM):
        assert np.array_equal(frame.images[:, :8], frame.images[:, 64:])


def test_a_neuron_keeps_its_place_within_the_tile(model):
    run = spec(objective=Neuron("pool", 1, 19, 31), tile=24, height=40, width=64, iterations=2)
    assert all(np.isfinite(frame.score[0]) for frame in optimize(model, run, Hyperparams(0.1, ())))


def test_a_recipe_tells_of_its_tile():
    recipe = Recipe(spec(tile=24, objective=Channel("pool", 1)))
    assert Recipe.from_json(recipe.to_json()) == recipe
