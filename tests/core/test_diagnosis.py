from dataclasses import replace

import numpy as np
import pytest

from actviz_core import REMEDIES, ActvizError, Change, Channel, ClassLogit, Hyperparams, Neuron, Point, Recipe, Spec, diagnose, optimize

RECIPE = Recipe(Spec("tiny", Channel("conv2", 1), height=40, width=56, count=4), Hyperparams(0.5), (Change(5, Hyperparams(0.25)),))
COLOURFUL = np.random.default_rng(0).integers(20, 230, (4, 40, 56, 3), dtype=np.uint8)


def points(scores, gradient=1.0):
    return [Point(i, (score,), (), (gradient,), 0.5, 0.01) for i, score in enumerate(scores, 1)]


def found(model, *, recipe=RECIPE, scores=range(60), gradient=1.0, images=COLOURFUL, error=""):
    diagnosis = diagnose(recipe, model, points(scores, gradient), images, error)
    return diagnosis and (diagnosis.kind, diagnosis.remedy)


def test_nothing_is_wrong_with_a_rising_score(model):
    assert found(model) is None
    assert diagnose(RECIPE, model, [], None) is None


def test_a_run_is_not_judged_before_its_time(model):
    assert found(model, scores=[0.0] * 23, images=np.full_like(COLOURFUL, 128)) is None


@pytest.mark.parametrize(
    "given, expected",
    [
        (dict(images=np.full_like(COLOURFUL, 128)), ("grey", "faster")),
        (dict(images=np.where(COLOURFUL > 120, 255, 0).astype(np.uint8)), ("saturated", "slower")),
        (dict(scores=[1.0] * 60), ("flat", "other start")),
        (dict(scores=[2.0, 1.0] * 30), ("flat", "other start")),
        (dict(gradient=0.0), ("no gradient", "redirect")),
        (dict(gradient=0.0, recipe=replace(RECIPE, spec=replace(RECIPE.spec, redirected=50))), ("no gradient", "other start")),
        (dict(gradient=0.0, recipe=replace(RECIPE, spec=replace(RECIPE.spec, redirected=50, objective=Channel("relu", 1)))), ("no gradient", "before")),
        (dict(error="The score stopped being a number at iteration 3: the steps are too long."), ("not a number", "slower")),
        (dict(error="Out of memory on cpu: 4 pictures of 40 x 56."), ("memory", "smaller")),
        (dict(error="An image of 16 x 16 is too small for vgg16"), ("too small", "natural size")),
        (dict(error="ValueError: oh"), ("error", "")),
    ],
)
def test_what_is_wrong(given, expected, model):
    assert found(model, **given) == expected


def test_one_grey_picture_of_several_is_enough(model):
    images = COLOURFUL.copy()
    images[2] = 128
    assert found(model, images=images) == ("grey", "faster")


def test_every_remedy_has_a_label_and_makes_another_recipe(model):
    recipe, model = replace(RECIPE, spec=replace(RECIPE.spec, objective=Channel("relu", 1))), replace(model, height=24, width=36)
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
def test_steps_become_ten_times_shorter_or_longer(name, rate, model):
    assert REMEDIES[name].apply(RECIPE, model).hyperparams.learning_rate == pytest.approx(rate)


def test_one_picture_is_made_smaller_by_its_sides(model):
    one = replace(RECIPE, spec=replace(RECIPE.spec, count=1, height=96, width=200))
    assert [getattr(REMEDIES["smaller"].apply(one, model).spec, side) for side in ("height", "width")] == [48, 100]


def test_the_layer_before_a_relu_is_read_in_every_objective(model):
    total = Channel("relu", 1) - 0.5 * Neuron("relu", 2, 3, 4) + ClassLogit(1)
    tapped = REMEDIES["before"].apply(replace(RECIPE, spec=replace(RECIPE.spec, objective=total)), model).spec.objective
    assert tapped == Channel("conv1", 1) - 0.5 * Neuron("conv1", 2, 3, 4) + ClassLogit(1)


def test_the_sentences_of_the_loop_are_recognized(model):
    model.network.fc.bias.fill_(float("nan"))
    with pytest.raises(ActvizError) as problem:
        list(optimize(model, Spec("tiny", ClassLogit(0), height=16, width=24), Hyperparams()))
    assert found(model, error=str(problem.value)) == ("not a number", "slower")
    model.network.conv2.forward = lambda x: (_ for _ in ()).throw(MemoryError())
    with pytest.raises(ActvizError) as problem:
        list(optimize(model, Spec("tiny", ClassLogit(0), height=32, width=24), Hyperparams()))
    assert found(model, error=str(problem.value)) == ("memory", "smaller")
