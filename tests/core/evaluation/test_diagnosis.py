from dataclasses import replace

import numpy as np
import pytest

from actviz_core import (
    L1,
    SGD,
    Change,
    Channel,
    ClassLogit,
    Crops,
    Diverged,
    Hyperparams,
    ImageTooSmall,
    Jitter,
    Model,
    OutOfMemory,
    Point,
    Recipe,
    SmallNorm,
    Spec,
    diagnose,
    optimize,
    replay,
)
from tests.core.evaluation.recipes import COLOURFUL, RECIPE, points
from tests.core.tiny import Answering


def found(model, *, recipe=RECIPE, scores=range(60), gradient=1.0, images=COLOURFUL, problem=None):
    diagnosis = diagnose(recipe, model, points(scores, gradient), images, problem)
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
        (dict(scores=[1.0] * 60), ("flat", "slower")),
        (dict(scores=[2.0, 1.0] * 30), ("flat", "slower")),
        (dict(scores=[1.0] * 60, recipe=Recipe(RECIPE.spec, Hyperparams(0.001))), ("flat", "faster")),
        (dict(scores=[1.0] * 60, recipe=Recipe(RECIPE.spec, Hyperparams(0.05))), ("flat", "other start")),
        (dict(scores=[1.0] * 60, recipe=Recipe(RECIPE.spec, Hyperparams(0.05, (), (L1(0.1),)))), ("flat", "free")),
        (dict(gradient=0.0), ("no gradient", "redirect")),
        (
            dict(gradient=0.0, recipe=replace(RECIPE, spec=replace(RECIPE.spec, redirected=50))),
            ("no gradient", "other start"),
        ),
        (
            dict(
                gradient=0.0,
                scores=[0.0] * 60,
                recipe=replace(RECIPE, spec=replace(RECIPE.spec, redirected=50, objective=Channel("relu", 1))),
            ),
            ("no gradient", "before"),
        ),
        (dict(problem=Diverged(3)), ("not a number", "slower")),
        (dict(problem=Diverged(1)), ("not a number", "")),
        (dict(problem=OutOfMemory("cpu", "4 pictures", "Take less.")), ("memory", "smaller")),
        (dict(problem=ImageTooSmall("vgg16", 16, 16, 32)), ("too small", "natural size")),
        (dict(problem=ValueError("Out of memory, too small, stopped being a number")), ("error", "")),
    ],
)
def test_what_is_wrong(given, expected, model):
    assert found(model, **given) == expected


def rising(low, high, count):
    return list(np.linspace(low, high, count))


STEADY = Recipe(replace(RECIPE.spec, iterations=192), Hyperparams(0.175))


@pytest.mark.parametrize(
    "scores",
    [
        [0.0] + [10.0] * 59,  # at once
        [0.0, 5.0] + [10.0] * 59,
        rising(0, 10, 30) + [10.0] * 90,  # and stays there
        rising(0, 10, 30) + rising(10, 8, 90),  # and loses little of it
        [-3.0, -2.0, -1.0] + [0.0] * 60,
        list(np.random.default_rng(1).normal([4.4] * 12 + [8.5] * 60 + [6.0] * 12, 2.0)),  # noisy scores wander
    ],
)
def test_a_score_that_has_risen_and_stays_up_is_well(scores, model):
    assert found(model, recipe=STEADY, scores=scores) is None


def test_a_score_that_rose_and_fell_is_told_as_that(model):
    scores = rising(0, 10, 40) + rising(10, -1, 60)
    diagnosis = diagnose(STEADY, model, points(scores), COLOURFUL)
    assert (diagnosis.kind, diagnosis.text, diagnosis.remedy) == (
        "fallen",
        "The score has fallen since iteration 41 and has lost more than half of what it had gained.",
        "slower",
    )
    assert found(model, recipe=Recipe(STEADY.spec, Hyperparams(0.04, (), (L1(0.1),))), scores=scores) == (
        "fallen",
        "free",
    )
    assert found(model, recipe=Recipe(STEADY.spec, Hyperparams(0.04)), scores=scores) == ("fallen", "slower")
    assert found(model, recipe=Recipe(replace(STEADY.spec, optimizer=SGD()), Hyperparams(0.04)), scores=scores) == (
        "fallen",
        "slower",
    )


@pytest.mark.parametrize(
    "wanted", [Hyperparams(0.2), Hyperparams(0.175, (), (L1(0.1),)), Hyperparams(0.175, (Jitter(30),))]
)
@pytest.mark.parametrize("after", [[2.0] * 80, rising(2, 3, 80), [3.0, 1.0] * 40, rising(2, 1.5, 80)])
def test_scores_before_and_after_a_slider_are_not_compared(wanted, after, model):
    """It rose, a slider moved, and the score is another one since."""
    recipe = replace(STEADY, changes=(Change(41, wanted),))
    assert found(model, recipe=recipe, scores=rising(0, 10, 40) + after) is None


def test_many_sliders_at_first_hide_no_rise(model):
    recipe = replace(
        STEADY, changes=tuple(Change(iteration, Hyperparams(0.175 + iteration / 1000)) for iteration in range(2, 21))
    )
    assert found(model, recipe=recipe, scores=rising(0, 10, 20) + [10.0] * 80) is None
    assert found(model, recipe=recipe, scores=[1.0] * 100) == ("flat", "slower")


def test_what_was_moved_before_counts_for_the_remedy(model):
    recipe = Recipe(STEADY.spec, Hyperparams(0.175), (Change(10, Hyperparams(0.0)),))
    assert found(model, recipe=recipe, scores=[1.0] * 100) == ("flat", "faster")
    later = Recipe(STEADY.spec, Hyperparams(0.0), (Change(150, Hyperparams(0.175)),))
    assert found(model, recipe=later, scores=[1.0] * 100) == ("flat", "faster"), "the change is still to come"


def test_scores_of_different_sizes_are_not_compared(model):
    octaves = replace(RECIPE.spec, height=224, width=224, octaves=4, iterations=160)
    recipe = Recipe(octaves, Hyperparams(1.5))
    falling = rising(0, 10, 40) + rising(-5, -2, 40) + rising(-8, -6, 40) + rising(-9, -8.5, 40)
    for count in range(len(falling) + 1):
        assert found(model, recipe=recipe, scores=falling[:count]) is None, count
    assert found(model, recipe=recipe, scores=[1.0] * 160) == ("flat", "slower")


def test_looking_at_a_long_run_is_quick(model):
    """It is looked at every few iterations: what it takes must not grow with the run."""
    recipe, seen = Recipe(replace(RECIPE.spec, iterations=100_000), Hyperparams(0.175)), points(range(60_000))
    read = []

    class Counted(list):
        def __getitem__(self, place):
            found = super().__getitem__(place)
            read.extend([0] * len(found) if isinstance(place, slice) else [0])
            return found

    assert diagnose(recipe, model, Counted(seen), COLOURFUL) is None
    assert len(read) < 3_000


def test_scores_of_ever_smaller_crops_are_not_compared(model):
    recipe = Recipe(RECIPE.spec, Hyperparams(0.5, (Crops(4, 0.5, 0.25),)))
    assert found(model, recipe=recipe, scores=[1.0] * 60) is None
    assert found(model, recipe=Recipe(RECIPE.spec, Hyperparams(0.5, (Crops(4, 0.5, 0.5),))), scores=[1.0] * 60) == (
        "flat",
        "slower",
    )


def test_what_pulls_is_called_as_its_slider_is(model):
    recipe = Recipe(RECIPE.spec, Hyperparams(0.5, (), (L1(0.1), SmallNorm(50.0))))
    diagnosis = diagnose(recipe, model, points(range(60)), np.full_like(COLOURFUL, 128))
    assert (
        diagnosis.text
        == "The picture is still grey: what the steps draw is taken away by L1 norm and Clip small norms."
    )


def test_one_grey_picture_of_several_is_enough(model):
    images = COLOURFUL.copy()
    images[2] = 128
    assert found(model, images=images) == ("grey", "faster")


def test_a_dead_answer_of_several_is_told_as_any_other():
    network = Answering(lambda logits, means, maps: {"logits": logits, "maps": maps})
    network.conv.bias.data.fill_(-99.0)
    model = Model.of(network, size=(12, 16), device="cpu")
    for objective, text in (
        (ClassLogit(1), "The gradient is exactly zero"),
        (Channel("output.maps", 1), "The gradient is exactly zero"),
        (Channel("relu", 1), "its ReLU answers 0"),
    ):
        recipe, points = Recipe(Spec(model.name, objective, height=12, width=16, iterations=30, redirected=0)), []
        for frame in replay(model, recipe):
            points.append(Point.of(frame))
        diagnosis = diagnose(recipe, model, points, frame.images)
        assert diagnosis.kind == "no gradient" and text in diagnosis.text


def test_what_the_loop_raises_is_told_by_its_type(model):
    model.network.fc.bias.fill_(float("nan"))
    with pytest.raises(Diverged, match="first picture is not a number") as problem:
        list(optimize(model, Spec("tiny", ClassLogit(0), height=16, width=24), Hyperparams()))
    assert problem.value.iteration == 1 and found(model, problem=problem.value) == ("not a number", "")
    model.network.conv2.forward = lambda x: (_ for _ in ()).throw(MemoryError())
    with pytest.raises(OutOfMemory) as problem:
        list(optimize(model, Spec("tiny", ClassLogit(0), height=32, width=24), Hyperparams()))
    assert found(model, problem=problem.value) == ("memory", "smaller")


def test_a_remedy_that_would_change_nothing_is_not_offered(model):
    smallest = replace(RECIPE, spec=replace(RECIPE.spec, count=1, height=8, width=8), changes=())
    assert found(model, recipe=smallest, problem=OutOfMemory("cpu", "1 picture", "Take less.")) == ("memory", "")
