"""Real runs: ill, and well after the remedy."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from actviz_core import (
    L1,
    REMEDIES,
    SGD,
    Adam,
    Channel,
    Decay,
    FourierImage,
    GradientAscent,
    Hyperparams,
    Neuron,
    PixelImage,
    Point,
    Recipe,
    SmallNorm,
    Spec,
    diagnose,
    list_layers,
    load_model,
    replay,
)
from tests.core.evaluation.recipes import COLOURFUL, points


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
