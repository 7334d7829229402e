"""What holds for every method, whatever it explains and however it ends."""

import numpy as np
import pytest
import torch

from actviz_core import (
    METHODS,
    Channel,
    ClassLogit,
    Direction,
    LayerEnergy,
    Neuron,
    attribute,
    kind,
)
from actviz_core.attribution import Rise
from actviz_core.attribution.attribute import attributed
from tests.core.attribution.networks import Joined, Pooled, model_of
from tests.core.tiny import reference, tiny_images, tiny_model

TARGETS = [
    ClassLogit("bee") - ClassLogit("cat"),
    Channel("conv2", 1),
    Neuron("relu@2", 2, 5, 3) - 0.5 * Neuron("relu@2", 1, 5, 3),
    Direction("conv2", (0, 2), (1.0, -0.5)),
    LayerEnergy("pool"),
    Channel("conv1", 0) + ClassLogit(3),
]


def small(cls):
    return Rise(masks=24) if cls is Rise else cls()


def hooks(model):
    return sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.network.modules())


def allowed(model, images, objective, cls):
    """The maps, unless the method says that the target does not allow it."""
    try:
        return attribute(model, images, objective, small(cls))
    except Exception as problem:
        assert "CAM needs a network that ends with" in str(problem) or "no ReLU before the target" in str(problem)
        return None


@pytest.mark.parametrize("cls", METHODS, ids=kind)
def test_any_target_of_two_images_has_the_maps_that_each_has_alone(cls):
    model, images = tiny_model(), tiny_images(2)
    for objective in TARGETS:
        together = allowed(model, images, objective, cls)
        if together is None:
            continue
        expected = objective.checked(model, 12, 16)(reference(model, images))
        assert np.allclose(together.score, expected, atol=1e-5), objective
        for index in range(2):
            alone = attribute(model, images[index : index + 1], objective, small(cls))
            assert np.allclose(together.values[index], alone.values[0], atol=1e-4), objective
    assert not hooks(model)


@pytest.mark.parametrize("cls", METHODS, ids=kind)
def test_the_last_map_is_done_and_no_pass_was_told_twice(cls):
    model, images = tiny_model(), tiny_images(1)
    found = list(attributed(model, images, ClassLogit(1), small(cls)))
    assert [maps.done for maps in found] == [False] * (len(found) - 1) + [True]
    for name in ("fraction", "passes"):
        told = [getattr(maps, name) for maps in found]
        assert told == sorted(told) and (name == "fraction" or told[-1] <= small(cls).passes(model, 12, 16))


@pytest.mark.parametrize("cls", METHODS, ids=kind)
def test_given_up_after_the_first_map_it_leaves_nothing_behind(cls):
    model, images = tiny_model(), tiny_images(1)
    steps = attributed(model, images, ClassLogit(1), small(cls))
    next(steps)
    steps.close()
    assert not hooks(model) and all(weights.grad is None for weights in model.network.parameters())


@pytest.mark.parametrize("cls", METHODS, ids=kind)
@pytest.mark.parametrize("network", [Pooled, Joined])
def test_numbers_are_kept_in_check_on_flat_and_on_extreme_images(cls, network):
    model = model_of(network())
    images = torch.stack([torch.full((3, 12, 16), value) for value in (0.0, 1.0)] + [tiny_images(1)[0].round()])
    maps = allowed(model, images, ClassLogit(1), cls)
    if maps is not None:
        assert np.isfinite(maps.values).all() and (maps.values.min() >= 0 or small(cls).signed)
