from dataclasses import replace

import numpy as np
import pytest
import torch

from actviz_core import (
    L1,
    REMEDIES,
    SGD,
    Adam,
    Change,
    Channel,
    ClassLogit,
    Crops,
    Decay,
    Diverged,
    FourierImage,
    GradientAscent,
    Hyperparams,
    ImageTooSmall,
    Jitter,
    Model,
    Neuron,
    OutOfMemory,
    PixelImage,
    Point,
    Recipe,
    SmallNorm,
    Spec,
    diagnose,
    list_layers,
    load_model,
    optimize,
    replay,
)
from tests.core.tiny import Answering

RECIPE = Recipe(
    Spec("tiny", Channel("conv2", 1), height=40, width=56, count=4), Hyperparams(0.5), (Change(5, Hyperparams(0.25)),)
)
COLOURFUL = np.random.default_rng(0).integers(20, 230, (4, 40, 56, 3), dtype=np.uint8)


def points(scores, gradient=1.0):
    return [Point(i, (score,), (), (gradient,), 0.5, 0.01) for i, score in enumerate(scores, 1)]


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


# real runs: ill, and well after the remedy


def run(model, recipe):
    """The diagnosis of a whole run, and its last frame."""
    seen, problem = [], None
    try:
        for frame in replay(model, recipe):
            seen.append(Point.of(frame))
    except Exception as raised:
        problem = raised
    return diagnose(recipe, model, seen, frame.images if seen else None, problem), seen


def healed(model, recipe, ill, remedies):
    """The ill recipe after its remedy, or remedies one after the other; the last run is well."""
    for kind, remedy in zip([ill] + [None] * len(remedies), remedies, strict=False):
        diagnosis, _ = run(model, recipe)
        assert diagnosis is not None and diagnosis.remedy == remedy and kind in (None, diagnosis.kind), diagnosis
        recipe = REMEDIES[remedy].apply(recipe, model)
    diagnosis, seen = run(model, recipe)
    assert diagnosis is None, diagnosis
    return recipe, seen


TARGET = Channel("blocks.1.0", 3)


def on_lite(objective=TARGET, iterations=48, **settings):
    return Spec("efficientnet_lite0", objective, height=64, width=80, iterations=iterations, **settings)


@pytest.fixture(scope="module")
def lite():
    return load_model("efficientnet_lite0", device="cpu")


GREY = dict(parametrization=PixelImage(128.0, 0.0), start="grey", redirected=0)


@pytest.mark.parametrize(
    "settings, hyperparams, ill, remedies",
    [
        (GREY | dict(optimizer=GradientAscent()), Hyperparams(1.0, (), ()), "grey", ["faster"]),
        (GREY | dict(optimizer=GradientAscent(progress=0.001)), Hyperparams(1e8, (), ()), "grey", ["faster"]),
        (GREY | dict(optimizer=GradientAscent(progress=0.001)), Hyperparams(0.0, (), ()), "grey", ["faster"]),
        (GREY | dict(optimizer=SGD()), Hyperparams(1.0, (), ()), "grey", ["faster"]),
        (GREY | dict(optimizer=GradientAscent("rms")), Hyperparams(0.01, (), ()), "grey", ["faster"]),
        (
            dict(parametrization=FourierImage(sd=0.0001), optimizer=Adam()),
            Hyperparams(1e-5, (), ()),
            "grey",
            ["faster"],
        ),
        (dict(parametrization=FourierImage(sd=0.0001), optimizer=SGD()), Hyperparams(1e-5, (), ()), "grey", ["faster"]),
        (dict(optimizer=Adam()), Hyperparams(0.05, (), (Decay(1.0),)), "grey", ["free"]),
        (
            GREY | dict(optimizer=GradientAscent("rms")),
            Hyperparams(1.0, (), (Decay(0.8), SmallNorm(90.0))),
            "grey",
            ["free"],
        ),
        (
            dict(parametrization=PixelImage(), optimizer=GradientAscent("rms")),
            Hyperparams(0.0, (), ()),
            "flat",
            ["faster"],
        ),
        (
            dict(parametrization=PixelImage(), optimizer=GradientAscent("rms")),
            Hyperparams(500.0, (), ()),
            "saturated",
            ["slower"],
        ),
        (
            dict(parametrization=PixelImage(), optimizer=GradientAscent()),
            Hyperparams(1e8, (), ()),
            "saturated",
            ["slower"],
        ),
        (dict(parametrization=FourierImage()), Hyperparams(50.0, (), ()), "saturated", ["slower"]),
        (dict(parametrization=FourierImage()), Hyperparams(1e9, (), ()), None, ["slower"]),
    ],
)
def test_after_the_remedy_the_picture_is_well(settings, hyperparams, ill, remedies, lite):
    recipe, seen = healed(lite, Recipe(on_lite(**settings), hyperparams), ill, remedies)
    assert np.mean(seen[-1].score) > np.mean(seen[0].score)


def test_a_relu6_at_its_ceiling_is_said_and_read_before(lite):
    """The neuron answers 6 and stays there; the convolution before its norm still rises."""
    for target in (Neuron("bn1.act", 4, 3, 5), Neuron("bn1", 4, 3, 5)):
        recipe = Recipe(
            on_lite(target, parametrization=PixelImage(), optimizer=GradientAscent("rms"), redirected=0),
            Hyperparams(8.0, (), ()),
        )
        diagnosis, seen = run(lite, recipe)
        assert seen[-1].score == (6.0,) and not seen[-1].gradient[0]
        assert (diagnosis.kind, diagnosis.remedy) == (
            "highest value",
            "before",
        ) and "highest value (6): its ReLU6" in diagnosis.text
        recipe = REMEDIES["before"].apply(recipe, lite)
        diagnosis, seen = run(lite, recipe)
        assert diagnosis is None or diagnosis.kind not in ("highest value", "no gradient"), diagnosis
        sign = float(torch.sign(lite.network.bn1.weight[4]))
        assert recipe.spec.objective == (Neuron("conv_stem", 4, 3, 5) if sign > 0 else -Neuron("conv_stem", 4, 3, 5))
        assert seen[-1].score[0] > seen[0].score[0] and all(point.gradient[0] for point in seen)


def test_before_a_norm_with_a_negative_factor_the_convolution_is_turned_round(lite):
    (norm, channel), *_ = (
        (layer.name, int(lite.network.get_submodule(layer.name).weight.argmin()))
        for layer in list_layers(lite)
        if layer.kind == "BatchNormAct2d" and lite.network.get_submodule(layer.name).weight.min() < 0
    )
    recipe = Recipe(on_lite(Channel(norm, channel)))
    moved = REMEDIES["before"].apply(recipe, lite).spec.objective
    assert moved == -Channel(moved.terms[0].objective.layer, channel)


def dead(model):
    """Unit 1 of the first ReLU never fires, whatever the picture's noise; the second convolution reads nothing else."""
    model.network.conv1.weight[1] *= 0.05
    model.network.conv1.bias[1] = -0.1
    return model


def test_a_dead_relu_is_said_and_woken(model):
    settings = dict(
        height=40, width=56, parametrization=PixelImage(), optimizer=GradientAscent("rms"), redirected=0, iterations=60
    )
    recipe = Recipe(Spec("tiny", Channel("relu", 1), **settings), Hyperparams(1.5, (), ()))
    diagnosis, seen = run(dead(model), recipe)
    assert seen[-1].score == (0.0,)
    assert (diagnosis.kind, diagnosis.remedy) == (
        "no gradient",
        "redirect",
    ) and "silent: its ReLU answers 0" in diagnosis.text
    recipe, seen = healed(model, recipe, "no gradient", ["redirect"])
    assert seen[-1].score[0] > 0
    recipe = Recipe(replace(recipe.spec, redirected=60), recipe.hyperparams)
    assert diagnose(recipe, model, points([0.0] * 60, 0.0), COLOURFUL).remedy == "before"


def test_a_dead_unit_that_only_the_regularization_moves_is_told_too(model):
    settings = dict(
        height=40, width=56, parametrization=PixelImage(), optimizer=GradientAscent("rms"), redirected=0, iterations=60
    )
    diagnosis, _ = run(
        dead(model), Recipe(Spec("tiny", Channel("relu", 1), **settings), Hyperparams(0.5, (), (L1(0.1),)))
    )
    assert diagnosis.kind == "no gradient"


def test_the_ill_picture_of_several_is_named(model):
    settings = dict(
        height=40,
        width=56,
        parametrization=PixelImage(),
        optimizer=GradientAscent("rms"),
        redirected=0,
        iterations=30,
        count=2,
    )
    diagnosis, _ = run(
        dead(model),
        Recipe(Spec("tiny", (Channel("relu", 0), Channel("relu", 1)), **settings), Hyperparams(0.5, (), ())),
    )
    assert diagnosis.text.startswith("Picture 2: The unit is silent")


def test_a_sigmoid_at_its_end_is_no_dead_relu(model):
    model.network.relu = torch.nn.Hardsigmoid()
    model.network.conv1.bias[1] = 50.0
    diagnosis, _ = run(
        model, Recipe(Spec("tiny", Channel("relu", 1), height=40, width=56, iterations=30), Hyperparams())
    )
    assert diagnosis.kind == "highest value" and "highest value (1): its Hardsigmoid" in diagnosis.text
