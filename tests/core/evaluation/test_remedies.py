from dataclasses import replace

import pytest

from actviz_core import (
    REMEDIES,
    SGD,
    Channel,
    ClassLogit,
    GradientAscent,
    Hyperparams,
    Neuron,
    PixelImage,
    Recipe,
)
from tests.core.evaluation.recipes import RECIPE


def test_every_remedy_has_a_label_and_makes_another_recipe(model):
    recipe, model = (
        replace(RECIPE, spec=replace(RECIPE.spec, objective=Channel("relu", 1))),
        replace(model, height=24, width=36),
    )
    for name, remedy in REMEDIES.items():
        changed = remedy.apply(recipe, model)
        assert remedy.label and changed != recipe and Recipe.from_json(changed.to_json()) == changed
        assert name in ("slower", "faster") or changed.hyperparams == Hyperparams(0.25), "the last settings are kept"


@pytest.mark.parametrize(
    "name, expected",
    [
        ("redirect", dict(redirected=48)),
        ("other start", dict(seed=1)),
        ("smaller", dict(count=2)),
        ("natural size", dict(height=24, width=36)),
    ],
)
def test_what_a_remedy_changes(name, expected, model):
    changed = REMEDIES[name].apply(RECIPE, replace(model, height=24, width=36))
    assert changed == Recipe(replace(RECIPE.spec, **expected), Hyperparams(0.25))


@pytest.mark.parametrize("name, rate", [("slower", 0.025), ("faster", 2.5)])
def test_steps_of_steady_length_become_ten_times_shorter_or_longer(name, rate, model):
    assert REMEDIES[name].apply(RECIPE, model) == Recipe(RECIPE.spec, Hyperparams(rate))


@pytest.mark.parametrize(
    "optimizer",
    [
        GradientAscent(),
        GradientAscent(progress=2.0),
        GradientAscent("rms", progress=2.0),
        GradientAscent("norm"),
        SGD(),
    ],
)
@pytest.mark.parametrize("name", ["slower", "faster"])
def test_where_the_learning_rate_does_not_say_how_long_a_step_is_the_gradient_is_divided_by_its_size(
    name, optimizer, model
):
    spec = replace(RECIPE.spec, optimizer=optimizer, parametrization=PixelImage(), iterations=64)
    assert REMEDIES[name].apply(Recipe(spec, Hyperparams(100.0)), model) == Recipe(
        replace(spec, optimizer=GradientAscent("rms")), Hyperparams(2.0)
    )


def test_one_picture_is_made_smaller_by_its_sides(model):
    one = replace(RECIPE, spec=replace(RECIPE.spec, count=1, height=96, width=200))
    assert [getattr(REMEDIES["smaller"].apply(one, model).spec, side) for side in ("height", "width")] == [48, 100]


def test_the_layer_before_a_relu_is_read_in_every_objective(model):
    total = Channel("relu", 1) - 0.5 * Neuron("relu", 2, 3, 4) + ClassLogit(1)
    tapped = REMEDIES["before"].apply(replace(RECIPE, spec=replace(RECIPE.spec, objective=total)), model).spec.objective
    assert tapped == Channel("conv1", 1) - 0.5 * Neuron("conv1", 2, 3, 4) + ClassLogit(1)
