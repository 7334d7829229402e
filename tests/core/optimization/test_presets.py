import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from actviz_core import (
    PRESETS,
    ActvizError,
    Blur,
    Channel,
    ClassLogit,
    Crops,
    Decay,
    FourierImage,
    GradientAscent,
    Hyperparams,
    Jitter,
    NAdam,
    Neuron,
    Noise,
    PhaseImage,
    PixelImage,
    Point,
    Recipe,
    SmallContribution,
    SmallNorm,
    Spec,
    diagnose,
    load_model,
    optimize,
    preset,
)
from actviz_core.optimization.presets import METHOD

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
    assert (
        spec.parametrization.mean - spec.parametrization.spread == 128
        and spec.parametrization.mean + spec.parametrization.spread == 148
    )
    assert (spec.iterations, spec.redirected, hyperparams) == (40, 0, Hyperparams(1.0, (), ()))
    assert preset("textbook").made_for == ("vgg16", Channel("features.28", 0))


@pytest.mark.parametrize(
    "number, iterations, operators, original",
    [
        (1, 500, (Blur(0.5, 4), SmallNorm(50.0)), ("rise of the score in each step 2", "learning rate at most 100")),
        (2, 750, (Decay(0.3), SmallNorm(20.0)), ("learning rate 100",)),
        (3, 1000, (Decay(1e-4), Blur(1.0, 4)), ("learning rate 100",)),
        (4, 1000, (Blur(0.5, 4), SmallContribution(50.0)), ("90 %", "rise of the score in each step 2", "at most 1e8")),
    ],
)
def test_yosinski(number, iterations, operators, original):
    """The paper's operators and iterations.

    What was made for CaffeNet's scale stands in the note, here a step is so many grey levels.
    """
    known, (spec, hyperparams) = preset(f"yosinski-{number}"), made(f"yosinski-{number}")
    assert (hyperparams.regularizers, hyperparams.transforms, spec.iterations, spec.redirected) == (
        operators,
        (),
        iterations,
        0,
    )
    assert spec.optimizer == GradientAscent("rms") and spec.parametrization == PixelImage(128.0, 17.0)
    assert (
        all(words in known.note for words in original)
        and f"by {hyperparams.learning_rate:g} of 255 levels" in known.note
    )


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_step_of_yosinskis_is_the_same_for_every_scale_of_the_score(number, model):
    """A score a thousand times smaller, as one network's channels against another's classes, gives the same picture."""
    spec, hyperparams = made(f"yosinski-{number}")
    spec = replace(spec, iterations=6)
    *_, large = optimize(model, replace(spec, objective=Neuron("conv2", 1)), hyperparams)
    *_, small = optimize(model, replace(spec, objective=0.001 * Neuron("conv2", 1)), hyperparams)
    assert np.abs(large.images.astype(int) - small.images).max() <= 1 and large.images.std() > 5


def test_lucid_and_distill():
    for name, iterations in (("lucid", 512), ("distill", 2560)):
        spec, hyperparams = made(name)
        assert (spec.iterations, spec.redirected, spec.parametrization, hyperparams.learning_rate) == (
            iterations,
            16,
            FourierImage(),
            0.05,
        )


def test_deepdream():
    spec, hyperparams = made("deepdream")
    assert (spec.iterations, spec.octaves, spec.octave_factor, hyperparams.learning_rate) == (40, 4, 1.4, 1.5)
    assert spec.optimizer == GradientAscent("mean") and Jitter(32) in hyperparams.transforms


def test_maco():
    spec, hyperparams = made("maco")
    assert (
        hyperparams == Hyperparams(1.0, (Crops(32, 0.5, 0.25), Noise(0.08)), ())
        and "down to .05" in preset("maco").note
    )
    assert (spec.iterations, spec.optimizer, type(spec.parametrization)) == (256, NAdam(), PhaseImage)


def test_every_preset_says_what_to_expect():
    assert all(known.note.endswith(".") and known.source for known in PRESETS)


# what they show


@pytest.fixture(scope="module")
def lite():
    return load_model("efficientnet_lite0", device="cpu")


QUICK = {"maco": 7}  # iterations, 32 crops in each; the others 24


@pytest.mark.parametrize("known", PRESETS, ids=lambda known: known.name)
def test_every_preset_shows_something_on_the_packaged_network(known, lite):
    """Neither grey nor saturated, with a gradient and a rising score.

    Two targets of other depths, a picture that is not square.
    """
    target = (Channel("blocks.1.0", 3), ClassLogit(130))
    recipe = known.applied(Recipe(Spec(lite.name, target, height=64, width=80, count=2)))
    recipe = replace(recipe, spec=replace(recipe.spec, iterations=QUICK.get(known.name, 24)))
    frames = list(optimize(lite, recipe.spec, recipe.hyperparams))
    for index, image in enumerate(frames[-1].images.astype(float)):
        across = np.abs(np.diff(image, axis=1)).mean()
        assert 6 < image.std() < 90 and 2 < across < 60, (index, image.std(), across)
        assert np.mean((image < 3) | (image > 252)) < 0.3
        assert max(frame.score[index] for frame in frames[len(frames) // 2 :]) > frames[0].score[index] + 0.5
    assert diagnose(recipe, lite, [Point.of(frame) for frame in frames], frames[-1].images) is None


@pytest.mark.parametrize("known", PRESETS, ids=lambda known: known.name)
def test_every_preset_goes_on_from_a_photograph(known, model):
    picture = np.random.default_rng(0).integers(60, 200, (40, 56, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    recipe = Recipe(
        replace(TARGET.spec, start="photograph", photograph=base64.b64encode(file.getvalue()).decode(), count=4)
    )
    recipe = known.applied(recipe)
    frames = optimize(model, replace(recipe.spec, iterations=3, octaves=1), recipe.hyperparams)
    first = next(frames).images
    frames.close()
    assert first.shape == (4, 40, 56, 3)
    if known.name != "maco":  # keeps the phases only
        assert min(np.corrcoef(image.ravel(), picture.ravel())[0, 1] for image in first) > 0.3
