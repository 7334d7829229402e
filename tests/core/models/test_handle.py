"""A handle answers as the network does that is somewhere else."""

import pickle

import numpy as np
import pytest
import timm

from actviz_core import (
    REMEDIES,
    ActvizError,
    Channel,
    ClassLogit,
    Direction,
    Gallery,
    Model,
    ModelHandle,
    Neuron,
    Recipe,
    Spec,
    class_layer,
    diagnose,
    find_layer,
    list_layers,
    load_model,
)
from actviz_core.runs.history import Point
from tests.core.tiny import tiny_model

SIZE = (24, 32)


def handle_of(model: Model, asked: list | None = None) -> ModelHandle:
    def ask(question):
        if asked is not None:
            asked.append(question)
        question = pickle.loads(pickle.dumps(question))
        return pickle.loads(pickle.dumps(question.carry_out(lambda name, weights: model)))

    return ModelHandle((model.name, model.weights), ask)


@pytest.fixture
def model():
    return tiny_model()


@pytest.fixture
def handle(model):
    return handle_of(model)


def test_it_says_what_the_model_says(model, handle):
    for name in ("name", "height", "width", "labels", "device", "fixed_size", "source", "weights_hash"):
        assert getattr(handle, name) == getattr(model, name)


@pytest.mark.parametrize("size", [(), SIZE])
def test_its_layers_are_the_models(size, model, handle):
    assert list_layers(handle, *size) == list_layers(model, *size)
    assert find_layer(handle, "relu@2", *size) == find_layer(model, "relu@2", *size)
    assert class_layer(handle, *size) == class_layer(model, *size)


@pytest.mark.parametrize("name", ["relo", "dropout", "unused", ""])
def test_a_layer_that_it_has_not_is_missed_in_the_same_words(name, model, handle):
    with pytest.raises(ActvizError) as here:
        find_layer(model, name)
    with pytest.raises(ActvizError) as there:
        find_layer(handle, name)
    assert str(there.value) == str(here.value)


@pytest.mark.parametrize(
    "objective",
    [Channel("conv2", 1), Neuron("conv1", 1, 20, 30), ClassLogit("bee"), Direction("fc", (0, 1), (1.0, 2.0))],
)
def test_objectives_are_checked_against_it(objective, model, handle):
    assert objective.checked(handle, *SIZE) == objective.checked(model, *SIZE)
    with pytest.raises(ActvizError) as here:
        Channel("conv2", 9).checked(model, *SIZE)
    with pytest.raises(ActvizError) as there:
        Channel("conv2", 9).checked(handle, *SIZE)
    assert str(there.value) == str(here.value)


def test_a_gallery_of_it_is_the_models(model, handle):
    recipe = Recipe(Spec("tiny", Channel("conv1", 0), height=16, width=16, iterations=40))
    here, there = Gallery.of(model, "conv2", recipe), Gallery.of(handle, "conv2", recipe)
    assert there == here and there.key == here.key and there.coarse(handle) == here.coarse(model)


@pytest.fixture(scope="module")
def lite():
    return load_model("efficientnet_lite0", device="cpu")


@pytest.mark.parametrize("network", ["tiny", "lite"])
def test_it_is_diagnosed_like_the_model(network, lite):
    """A unit that is silent, behind an activation function or behind a norm that has one of its own."""
    model, layer = (tiny_model(), "relu") if network == "tiny" else (lite, "bn1")
    handle = handle_of(model)
    points = [Point(k, (0.0,), (), (0.0,), 0.05, 0.01) for k in range(1, 40)]
    for channel in range(4):
        recipe = Recipe(Spec(model.name, Channel(layer, channel), redirected=40, iterations=60, height=32, width=32))
        image = np.zeros((1, 32, 32, 3), np.uint8)
        here, there = diagnose(recipe, model, points, image), diagnose(recipe, handle, points, image)
        assert there == here and here.remedy == "before"
        assert REMEDIES["before"].apply(recipe, handle) == REMEDIES["before"].apply(recipe, model)


def test_the_norm_of_timm_is_what_it_is_taken_for(lite):
    norm = next(layer for layer in list_layers(lite) if layer.kind == "BatchNormAct2d" and layer.turned)
    module = lite.network.get_submodule(norm.module)
    assert type(module) is timm.layers.BatchNormAct2d and find_layer(lite, norm.within).kind.startswith("Conv2d")
    assert norm.turned == tuple(channel for channel, weight in enumerate(module.weight.tolist()) if weight <= 0)
