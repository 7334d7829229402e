from dataclasses import replace

import pytest

from actviz_core import (
    PRESETS,
    ActvizError,
    Ascent,
    Blur,
    Channel,
    Crops,
    Decay,
    FourierImage,
    Hyperparams,
    Jitter,
    NAdam,
    Neuron,
    Noise,
    PhaseImage,
    PixelImage,
    Recipe,
    SmallContribution,
    SmallNorm,
    Spec,
    optimize,
    preset,
)
from actviz_core.presets import METHOD

TARGET = Recipe(Spec("tiny", Channel("conv2", 1), height=40, width=56, count=2, seed=9, weights="untrained"))


def made(name):
    recipe = preset(name).applied(TARGET)
    return recipe.spec, recipe.hyperparams


@pytest.mark.parametrize("known", PRESETS, ids=lambda known: known.name)
def test_a_preset_decides_how_and_not_what(known):
    recipe = known.applied(TARGET)
    kept = set(Spec.__dataclass_fields__) - set(METHOD)
    assert all(getattr(recipe.spec, name) == getattr(TARGET.spec, name) for name in kept)
    assert recipe.hyperparams == known.hyperparams and not recipe.changes
    assert set(known.method) <= set(METHOD) and known.title and known.source
    assert Recipe.from_json(recipe.to_json()) == recipe


@pytest.mark.parametrize("known", PRESETS, ids=lambda known: known.name)
def test_a_preset_leaves_nothing_of_the_one_before(known):
    for before in PRESETS:
        assert known.applied(before.applied(TARGET)) == known.applied(TARGET)


@pytest.mark.parametrize("known", PRESETS, ids=lambda known: known.name)
def test_a_preset_runs_and_raises_the_score(known, model):
    recipe = known.applied(TARGET)
    frames = optimize(model, replace(recipe.spec, objective=Neuron("conv2", 1), iterations=24), recipe.hyperparams)
    scores = [sum(frame.score) for frame in frames]
    assert len(scores) == 24 and max(scores[12:]) > scores[0]


def test_names_are_unique_and_told():
    assert len({known.name for known in PRESETS}) == len(PRESETS)
    with pytest.raises(ActvizError, match=r"there is no preset 'lucyd' \(did you mean lucid"):
        preset("lucyd")


def test_the_good_default_is_what_nothing_else_given_means():
    assert preset("good").applied(TARGET) == TARGET


def test_a_photograph_stays_whatever_the_preset():
    recipe = Recipe(Spec("tiny", Channel("conv2"), start="photograph", photograph="QUJD"))
    assert all(known.applied(recipe).spec.start == "photograph" for known in PRESETS)


# what the papers say


def test_textbook():
    spec, hyperparams = made("textbook")
    assert spec.parametrization.mean - spec.parametrization.spread == 128 and spec.parametrization.mean + spec.parametrization.spread == 148
    assert (spec.iterations, spec.redirected, hyperparams) == (40, 0, Hyperparams(1.0, (), ()))
    assert preset("textbook").made_for == ("vgg16", Channel("features.28", 0))


@pytest.mark.parametrize(
    "number, iterations, rate, progress, operators",
    [
        (1, 500, 100.0, 2.0, (Blur(0.5, 4), SmallNorm(50.0))),
        (2, 750, 100.0, 0.0, (Decay(0.3), SmallNorm(20.0))),
        (3, 1000, 100.0, 0.0, (Decay(1e-4), Blur(1.0, 4))),
        (4, 1000, 1e8, 2.0, (Blur(0.5, 4), SmallContribution(90.0))),
    ],
)
def test_yosinski(number, iterations, rate, progress, operators):
    spec, hyperparams = made(f"yosinski-{number}")
    assert hyperparams == Hyperparams(rate, (), operators)
    assert (spec.iterations, spec.optimizer, spec.redirected) == (iterations, Ascent(progress=progress), 0)
    assert type(spec.parametrization) is PixelImage


def test_lucid_and_distill():
    for name, iterations in (("lucid", 512), ("distill", 2560)):
        spec, hyperparams = made(name)
        assert (spec.iterations, spec.redirected, spec.parametrization, hyperparams.learning_rate) == (iterations, 16, FourierImage(), 0.05)


def test_deepdream():
    spec, hyperparams = made("deepdream")
    assert (spec.iterations, spec.octaves, spec.octave_factor, hyperparams.learning_rate) == (40, 4, 1.4, 1.5)
    assert spec.optimizer == Ascent("mean") and Jitter(32) in hyperparams.transforms


def test_maco():
    spec, hyperparams = made("maco")
    assert hyperparams == Hyperparams(1.0, (Crops(32, 0.5, 0.05), Noise(0.08)), ())
    assert (spec.iterations, spec.optimizer, type(spec.parametrization)) == (256, NAdam(), PhaseImage)
