"""A script makes the picture of its recipe again, bit for bit, without this package."""

import os
import subprocess
import sys
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch.nn.functional as F
from PIL import Image

from actviz_core import (
    PRESETS,
    REGULARIZERS,
    ActvizError,
    Change,
    Channel,
    ClassLogit,
    Direction,
    Hyperparams,
    Neuron,
    Recipe,
    Spec,
    load_model,
    preset,
    replay,
    script_of,
)
from actviz_core.optimization.parametrizations import PixelImage
from actviz_core.optimization.regularizers import L2, Penalty, TotalVariation
from actviz_core.optimization.transforms import Flip, Jitter, Noise, Pad, Scale
from tests.core.tiny import tiny_model


@pytest.fixture(scope="module")
def lite():
    return load_model("efficientnet_lite0")


@pytest.fixture(scope="module")
def residual():
    return load_model("resnet18", weights="untrained")


def made(model, recipe) -> np.ndarray:
    *_, last = islice(replay(model, recipe), recipe.picture or recipe.spec.iterations)
    return last.images


def written(text, folder, monkeypatch, count) -> np.ndarray:
    with monkeypatch.context() as patch:
        patch.chdir(folder)
        for name in ("conv2d", "linear", "relu", "relu6", "hardtanh"):  # a script puts its own in their place
            patch.setattr(F, name, getattr(F, name))
        exec(compile(text, "script.py", "exec"), {"__name__": "__main__"})
    return np.stack([np.asarray(Image.open(folder / f"picture-{number}.png")) for number in range(count)])


LITE = Recipe(Spec("efficientnet_lite0", Channel("blocks.4.0", 20), height=64, width=96))
FEW = {"good": 5, "textbook": 2, "lucid": 2, "yosinski-4": 4, "deepdream": 8, "maco": 2}


@pytest.mark.parametrize("name", FEW)
def test_presets_come_out_the_same_to_the_last_bit(lite, tmp_path, monkeypatch, name):
    applied = preset(name).applied(LITE)
    recipe = replace(applied, spec=replace(applied.spec, iterations=FEW[name]))
    assert np.array_equal(written(script_of(lite, recipe), tmp_path, monkeypatch, 1), made(lite, recipe))


def test_so_do_penalties_changes_on_the_way_several_pictures_a_sum_and_a_class_of_an_untrained_network(
    tmp_path, monkeypatch
):
    model = load_model("resnet18", weights="untrained")
    penalties = tuple(cls(weight=0.5) for cls in REGULARIZERS if issubclass(cls, Penalty))
    first = Hyperparams(0.1, (Jitter(4), Scale(0.8, 1.1), Flip(0.5), Noise(0.1)), penalties)
    changes = (Change(3, first.with_values({"learning_rate": 0.2, "l2.weight": 0.0, "jitter.pixels": 0})),)
    spec = Spec(
        "resnet18",
        ClassLogit(3) - 0.5 * Neuron("layer2.1.relu@2", 7),
        iterations=6,
        height=48,
        width=64,
        count=2,
        seed=7,
        weights="untrained",
    )
    recipe = Recipe(replace(spec, objective=ClassLogit(3) - 0.5 * Neuron("layer2.1", 7)), first, changes, picture=5)
    assert np.array_equal(written(script_of(model, recipe), tmp_path, monkeypatch, 2), made(model, recipe))
    with pytest.raises(ActvizError, match="no script for layers such as layer2.1.relu@2"):
        script_of(model, Recipe(spec))


@pytest.mark.parametrize("octaves", [1, 2])
def test_so_do_tiles(tmp_path, monkeypatch, octaves):
    model = load_model("resnet18", weights="untrained")
    views = Hyperparams(0.1, (Pad(6, "grey"), Jitter(9), Noise(0.1), Scale(0.8, 1.1)))
    spec = Spec("resnet18", Channel("layer1", 3), iterations=5, height=64, width=80, tile=48, weights="untrained")
    spec = replace(spec, octaves=octaves, parametrization=PixelImage(decorrelate=True)) if octaves > 1 else spec
    recipe = Recipe(spec, views)
    assert np.array_equal(written(script_of(model, recipe), tmp_path, monkeypatch, 1), made(model, recipe))


@pytest.mark.parametrize(("tile", "pads"), [(40, ()), (0, (Pad(6, "wrap"),))], ids=["tile", "padding"])
def test_so_do_crops_of_a_picture_that_repeats(lite, tmp_path, monkeypatch, tile, pads):
    maco = preset("maco").applied(Recipe(Spec(lite.name, Channel("blocks.2.0", 3), height=64, width=100)))
    views = replace(maco.hyperparams, transforms=(*pads, *maco.hyperparams.transforms))
    recipe = Recipe(replace(maco.spec, iterations=3, tile=tile), views)
    assert np.array_equal(written(script_of(lite, recipe), tmp_path, monkeypatch, 1), made(lite, recipe))


def test_so_does_a_penalty_that_takes_the_place_of_another(lite, tmp_path, monkeypatch):
    first, later = (replace(Hyperparams(), regularizers=(one,)) for one in (TotalVariation(0.5), L2(0.5)))
    recipe = Recipe(replace(LITE.spec, iterations=4), first, (Change(3, later),))
    assert np.array_equal(written(script_of(lite, recipe), tmp_path, monkeypatch, 1), made(lite, recipe))


def test_so_do_moves_that_begin_or_end_on_the_way_and_a_class(lite, tmp_path, monkeypatch):
    first = Hyperparams(0.1, (Pad(4, "edge"), Jitter(0), Scale(0.8, 1.1), Flip(0.5)))
    changes = tuple(Change(k, first.with_values({"jitter.pixels": k, "flip.probability": 0.0})) for k in (2, 3))
    recipe = Recipe(replace(LITE.spec, objective=ClassLogit(7), iterations=4), first, changes)
    assert np.array_equal(written(script_of(lite, recipe), tmp_path, monkeypatch, 1), made(lite, recipe))


def test_so_does_padding_that_wraps(lite, tmp_path, monkeypatch):
    recipe = Recipe(replace(LITE.spec, iterations=3), Hyperparams(0.1, (Pad(6, "wrap"), Jitter(4))))
    assert np.array_equal(written(script_of(lite, recipe), tmp_path, monkeypatch, 1), made(lite, recipe))


def test_so_do_16_bits(tmp_path, monkeypatch):
    model = load_model("squeezenet1_1", weights="untrained")
    spec = Spec(
        "squeezenet1_1", ClassLogit(3), iterations=2, height=32, width=48, weights="untrained", precision="autocast"
    )
    recipe, exact = Recipe(spec), Recipe(replace(spec, precision="float32"))
    pictures = written(script_of(model, recipe), tmp_path, monkeypatch, 1)
    assert np.array_equal(pictures, made(model, recipe)) and not np.array_equal(pictures, made(model, exact))


BOUND = 100
LONGER = {"maco": 120}
"""Presets whose scripts have more lines, and how many at most."""
REFUSED = {"deepdream": Neuron}
"""Presets and targets that have no script yet: what begins small has one for channels and classes."""


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.name)
@pytest.mark.parametrize("name", ["efficientnet_lite0", "resnet18"])
def test_scripts_of_presets_are_short(one, name, lite, residual):
    model, layer = (lite, "blocks.4.0") if name == lite.name else (residual, "layer3")
    for target in (Channel(layer, 20), ClassLogit(3), Neuron(layer, 20)):
        for tile in (0, 64):
            recipe = one.applied(Recipe(Spec(name, target, weights=model.weights)))
            changes = (Change(9, replace(recipe.hyperparams, learning_rate=0.3)),)
            recipe = replace(recipe, spec=replace(recipe.spec, tile=tile), changes=changes)
            if REFUSED.get(one.name) is type(target):
                with pytest.raises(ActvizError, match="sizes that grow"):
                    script_of(model, recipe)
                continue
            lines = script_of(model, recipe).splitlines()
            assert len(lines) < LONGER.get(one.name, BOUND) and max(map(len, lines)) <= 110


def test_a_script_runs_where_this_package_is_not(lite, tmp_path):
    recipe = replace(LITE, spec=replace(LITE.spec, iterations=2))
    text = script_of(lite, recipe)
    assert "actviz_core" not in text
    (tmp_path / "script.py").write_text(text)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"OMP_NUM_THREADS": "2"}
    subprocess.run([sys.executable, "-P", "script.py"], cwd=tmp_path, env=environment, check=True)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "picture-0.png")), made(lite, recipe)[0])


def test_what_no_script_can_make_is_said(lite):
    def refused(match, model=lite, **changes):
        with pytest.raises(ActvizError, match=match):
            script_of(model, Recipe(replace(LITE.spec, **changes)))

    refused("this one is your own", model=tiny_model(), objective=Channel("conv2", 1))
    refused("of one target", objective=(Channel("blocks.4.0", 1), Channel("blocks.4.0", 2)), count=2)
    refused("from noise", start="grey")
    refused("the target direction", objective=Direction("blocks.4.0", (0, 2), (1.0, -0.5)))
    refused("dense layers of many places", load_model("convnext_tiny", weights="untrained"), objective=ClassLogit(3))
    with pytest.raises(ActvizError, match="changed more than 40 times"):
        many = tuple(Change(k, Hyperparams(0.1 + k / 1000)) for k in range(1, 60))
        script_of(lite, replace(LITE, changes=many))
