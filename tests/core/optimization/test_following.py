"""The Good default follows what a cell of the target sees: textures are made another way than objects."""

from dataclasses import replace

import numpy as np
import pytest
from torch import nn

from actviz_core import (
    FILLS,
    PRESETS,
    Channel,
    ClassLogit,
    Gallery,
    Hyperparams,
    Model,
    Pad,
    Recipe,
    Spec,
    Store,
    Tile,
    filled,
    followed,
    preset,
    preset_of,
)
from actviz_core.models.receptive_field import theoretical_fields
from actviz_core.optimization.manners import tile_side

SMALL, MIDDLE, LARGE, ALL = Channel("0", 1), Channel("1", 2), Channel("2", 2), ClassLogit(0)
GOOD = preset("good")


@pytest.fixture
def model():
    """Cells see 7 pixels, then 119, then 167, then all."""
    convolutions = nn.Conv2d(3, 4, 7, 2), nn.Conv2d(4, 4, 57, 1, padding=28), nn.Conv2d(4, 4, 25, 1, padding=12)
    layers = (*convolutions, nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return Model.of(nn.Sequential(*layers), (176, 168), labels=("a", "b", "c", "d"), name="two depths")


def recipe_of(target, **more):
    return Recipe(Spec("two depths", target, **dict(height=176, width=168) | more))


def test_what_cells_see_is_known_for_every_layer(model):
    fields = theoretical_fields(model, 176, 168)
    assert fields["0"] == (7, 7) and fields["1"] == (119, 119) and fields["2"] == (167, 167)
    assert fields["output"] == (float("inf"),) * 2


def test_a_texture_is_a_tile_that_holds_what_a_cell_sees(model):
    found = GOOD.applied(recipe_of(SMALL), model)
    assert found.spec.tile == 72 and found.hyperparams == GOOD.textures.fine.hyperparams
    assert found.spec.canvas == (72, 72)


@pytest.mark.parametrize("target", [LARGE, ALL, (SMALL, LARGE), SMALL + LARGE], ids=str)
def test_one_cell_that_sees_too_much_makes_it_a_picture(model, target):
    count = len(target) if isinstance(target, tuple) else 1
    recipe = recipe_of(target, count=count)
    assert GOOD.applied(recipe, model) == GOOD.applied(recipe)
    assert not GOOD.applied(recipe, model).spec.tile


@pytest.mark.parametrize(
    "recipe, manner",
    [(recipe_of(MIDDLE), "coarse"), (recipe_of(SMALL, height=80), "fine")],
    ids=["large field", "small picture"],
)
def test_where_a_tile_would_be_nearly_the_picture_the_picture_is_made(model, recipe, manner):
    found = GOOD.applied(recipe, model)
    assert found == getattr(GOOD.textures, manner).applied(recipe)
    assert not found.spec.tile and preset_of(found) == GOOD


def test_what_sees_more_keeps_more_of_its_fine_waves(model):
    fine, coarse = GOOD.textures.fine.method, GOOD.textures.coarse.method
    assert fine["parametrization"].decay > coarse["parametrization"].decay


@pytest.mark.parametrize("side, tile", [(85, 0), (86, 48), (138, 48), (139, 72)])
def test_in_a_small_picture_a_small_tile_with_less_around_it_still_pays(model, side, tile):
    found = GOOD.applied(recipe_of(SMALL, height=side, width=200), model)
    assert found.spec.tile == tile and preset_of(found) == GOOD
    pad = next(each for each in found.hyperparams.transforms if isinstance(each, Pad))
    assert pad.pixels == (8 if tile == 48 else 16)
    assert followed(found, replace(found.spec, height=176, width=176), model).spec.tile == 72


def test_a_small_tile_is_for_cells_that_see_at_most_84_pixels():
    for kernel, tile in ((84, 48), (85, 0)):
        network = nn.Sequential(nn.Conv2d(3, 4, kernel), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        model = Model.of(network, (96, 96), labels=("a", "b", "c", "d"), name="two depths")
        assert GOOD.applied(recipe_of(SMALL, height=96, width=96), model).spec.tile == tile


def test_who_starts_from_a_photograph_wants_no_tile_of_it(model):
    recipe = recipe_of(SMALL, start="photograph", photograph="QUJD")
    assert GOOD.applied(recipe, model) == recipe


def test_without_a_network_nothing_is_followed():
    assert GOOD.applied(recipe_of(SMALL)) == recipe_of(SMALL)


def test_it_is_the_good_default_either_way(model):
    for recipe in (GOOD.applied(recipe_of(SMALL), model), GOOD.applied(recipe_of(ALL), model)):
        assert preset_of(recipe) == GOOD
        assert preset_of(replace(recipe, spec=replace(recipe.spec, iterations=77))) == GOOD


@pytest.mark.parametrize("known", PRESETS, ids=lambda known: known.name)
def test_other_targets_leave_a_preset_that_preset(model, known):
    recipe = known.applied(recipe_of(ALL), model)
    there = followed(recipe, replace(recipe.spec, objective=SMALL), model)
    assert there == known.applied(recipe_of(SMALL), model) and preset_of(there) == known
    assert followed(there, replace(there.spec, objective=ALL), model) == recipe


def test_chosen_iterations_stay(model):
    recipe = GOOD.applied(recipe_of(ALL), model)
    longer = replace(recipe, spec=replace(recipe.spec, iterations=500))
    assert followed(longer, replace(longer.spec, objective=SMALL), model).spec.iterations == 500


def test_settings_of_ones_own_stay_whatever_the_target(model):
    recipe = recipe_of(ALL)
    own = replace(recipe, hyperparams=recipe.hyperparams.with_value("learning_rate", 0.2))
    assert followed(own, replace(own.spec, objective=SMALL), model) == replace(own, spec=recipe_of(SMALL).spec)


def test_a_tile_of_ones_own_stays_whatever_the_target(model):
    recipe = GOOD.applied(recipe_of(SMALL), model)
    own = replace(recipe, spec=replace(recipe.spec, tile=96))
    assert followed(own, replace(own.spec, objective=MIDDLE), model).spec.tile == 96


def test_what_sees_little_more_than_a_colour_is_made_as_pictures_are():
    network = nn.Sequential(nn.Conv2d(3, 4, 3, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    model = Model.of(network, (176, 168), labels=("a", "b", "c", "d"), name="two depths")
    assert GOOD.applied(recipe_of(Channel("0", 1)), model) == recipe_of(Channel("0", 1))


def test_no_tile_is_larger_than_one_may_be():
    assert tile_side(505, 2048) == 512 and tile_side(513, 2048) == 0


def test_columns_of_several_layers_are_each_what_the_preset_makes_of_theirs(model):
    recipe = GOOD.applied(recipe_of(SMALL), model)
    columns = filled(recipe, FILLS["Same channel across layers"], lambda _name, _weights: model).recipes
    assert {column.spec.tile for column in columns} == {0, 72}
    assert all(column == GOOD.applied(column, model) for column in columns)
    good = filled(recipe, FILLS["Several presets"], lambda _name, _weights: model).recipes[0]
    assert good == recipe


def test_a_gallery_is_made_as_a_picture_of_its_layer_is(model):
    recipe = GOOD.applied(recipe_of(ALL), model)
    for layer in ("0", "1", "2"):
        alone = GOOD.applied(recipe_of(Channel(layer, 0)), model)
        assert Gallery.of(model, layer, recipe).recipe == alone
    longer = replace(recipe, spec=replace(recipe.spec, iterations=64))
    assert Gallery.of(model, "0", longer).spec.iterations == 64


def test_a_gallerys_small_tile_is_known_as_the_same_preset_in_a_larger_picture(model, tmp_path):
    store, small, large = Store(tmp_path), recipe_of(SMALL, height=96, width=96, iterations=9), recipe_of(SMALL)
    cell, wanted = (Gallery.of(model, "0", recipe) for recipe in (small, large))
    assert (cell.spec.tile, wanted.spec.tile) == (48, 72)
    store.put(cell, Tile(1, np.zeros((96, 96, 3), np.uint8), 0.5))
    assert store.largest(wanted, model, 1) == store.png(cell, 1) is not None
    own = replace(wanted, recipe=replace(wanted.recipe, hyperparams=Hyperparams(0.2)))
    assert store.largest(own, model, 1) is None
