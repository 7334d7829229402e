"""Integrated gradients against what a linear network and a fine rule say, and that they add up."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import torch
from torch import nn

from actviz_core import ActvizError, Channel, ClassLogit, attribute
from actviz_core.attribution import IntegratedGradients
from actviz_core.attribution.attribute import attributed
from actviz_core.attribution.baselines import Baseline, baselines
from actviz_core.models.model import Model
from tests.core.tiny import reference, tiny_images, tiny_model

SIZE = 12, 16
NORM = (0.5, 0.4, 0.3), (0.2, 0.25, 0.4)


class Flat(nn.Module):
    """What a function of the weighted sum of all pixels says."""

    def __init__(self, function=None, bias=0.0):
        super().__init__()
        self.linear, self.function = nn.Linear(3 * 12 * 16, 2), function or nn.Identity()
        rng = torch.Generator().manual_seed(2)
        self.linear.weight.data = torch.randn(2, 3 * 12 * 16, generator=rng) / 30
        self.linear.bias.data.fill_(bias)

    def forward(self, x):
        return self.function(self.linear(x.flatten(1)))


def model_of(network):
    return Model("flat", network.eval().requires_grad_(False), *NORM, *SIZE, fixed_size=True)


@pytest.mark.parametrize("name", get_args(Baseline))
def test_on_a_linear_network_it_is_weight_times_difference(name):
    network, images = Flat(), tiny_images()
    model = model_of(network)
    weight = network.linear.weight[1].view(3, *SIZE) / torch.tensor(NORM[1]).view(3, 1, 1)
    compared = baselines(model, images, name)
    expected = ((images - compared) * weight).sum(2).mean(0)
    maps = attribute(model, images, ClassLogit(1), IntegratedGradients(name))
    assert np.allclose(maps.values, expected, atol=1e-6)
    assert np.allclose(maps.completeness, expected.sum((1, 2)), atol=1e-5)
    assert np.allclose(maps.score, model(images)[:, 1]) and maps.done


@pytest.mark.parametrize("name", get_args(Baseline))
def test_it_adds_up_to_the_difference_of_the_scores(name):
    model, images = tiny_model(), tiny_images()
    maps = attribute(model, images, ClassLogit(2), IntegratedGradients(name))
    scores = reference(model, images)["output"][:, 2, 0, 0]
    others = [reference(model, each)["output"][:, 2, 0, 0] for each in baselines(model, images, name)]
    due = (scores - torch.stack(others).mean(0)).numpy()
    assert np.allclose(maps.completeness, due, rtol=1e-4, atol=1e-6)
    assert (abs(maps.values.sum((1, 2)) - due) <= 0.01 * abs(due)).all()
    assert maps.passes < IntegratedGradients(name).passes(model, *SIZE)


def test_it_is_the_integral_of_the_gradient():
    model, image = tiny_model(), tiny_images(1)
    mean = torch.zeros_like(image)
    for share in (torch.arange(2000) + 0.5) / 2000:
        point = (share * image).requires_grad_()
        mean += torch.autograd.grad(reference(model, point)["output"][0, 2, 0, 0], point)[0] / 2000
    maps = attribute(model, image, ClassLogit(2), IntegratedGradients("black", tolerance=0.0, steps=600))
    expected = (image * mean).sum(1).numpy()
    assert abs(maps.values - expected).sum() < 0.005 * abs(expected).sum()


def test_a_bend_is_found_where_it_is():
    """The score is zero for most of the way, so steps of one length would need hundreds."""
    model, images = model_of(Flat(nn.Sequential(nn.Softplus(beta=50)), bias=0.0)), tiny_images(1)
    score = model(images)[0]
    index = int(score.argmax())
    model.network.linear.bias.data -= score[index] * 0.97
    maps = attribute(model, images, ClassLogit(index), IntegratedGradients("black"))
    (due,) = maps.completeness
    assert abs(maps.values.sum() - due) <= 0.01 * abs(due) and maps.passes <= 80


def test_each_map_is_better_than_the_first_and_the_last_is_done():
    model, images = tiny_model(), tiny_images(1)
    found = list(attributed(model, images, ClassLogit(2), IntegratedGradients("black", tolerance=0.001)))
    (due,) = found[0].completeness
    missing = [abs(maps.values.sum() - due) for maps in found]
    assert missing[-1] <= 0.001 * abs(due) < missing[0]
    assert all(maps.fraction < 1 for maps in found[:-1]) and found[-1].done
    passes = [maps.passes for maps in found]
    assert passes[:4] == [4, 6, 10, 18] and sorted(passes) == passes  # 2 ends, then 1, 2 and 4 halved steps


def test_with_the_most_gradients_it_ends_and_says_what_is_missing():
    model, images = tiny_model(), tiny_images(1)
    maps = attribute(model, images, ClassLogit(2), IntegratedGradients("black", tolerance=0.0, steps=32))
    assert maps.done and maps.passes == 64


def test_a_score_that_jumps_ends_where_no_step_can_be_halved():
    class Jump(nn.Module):
        def forward(self, x):
            return x + (x > 0.1).float()

    model, images = model_of(Flat(Jump())), tiny_images(1)
    model.network.linear.bias.data[0] -= model(torch.full_like(images, 0.0))[0, 0]
    sign = 1 if model(images)[0, 0] > 0 else -1
    model.network.linear.weight.data *= sign
    maps = attribute(model, images, ClassLogit(0), IntegratedGradients("black", steps=4000))
    assert maps.done and maps.passes < 400 and np.isfinite(maps.values).all()


def test_a_dead_unit_gets_a_map_of_zeros():
    model, images = tiny_model(), tiny_images()
    model.network.conv1.bias.data.fill_(-100.0)
    maps = attribute(model, images, Channel("relu", 0), IntegratedGradients())
    assert not maps.values.any() and maps.completeness == (0.0, 0.0) and maps.done


def test_an_image_like_its_baseline_gets_a_map_of_zeros():
    maps = attribute(tiny_model(), torch.zeros(1, 3, *SIZE), ClassLogit(2), IntegratedGradients("black"))
    assert not maps.values.any() and maps.completeness == (0.0,) and maps.done


def test_equal_scores_are_measured_by_what_the_map_adds_and_takes_away():
    """Two pixels that cancel: the difference of the scores is next to nothing, and the map is not."""
    network, images = Flat(), torch.zeros(1, 3, *SIZE)
    network.linear.weight.data[:] = 0
    network.linear.weight.data[0, :2] = torch.tensor([1.0, -1.0])
    images[0, 0, 0, :2] = torch.tensor([0.8, 0.8 + 1e-6])
    maps = attribute(model_of(network), images, ClassLogit(0), IntegratedGradients("black"))
    assert np.allclose(maps.values[0, 0, :2], [4.0, -4.0], atol=1e-4) and maps.passes < 100


def test_two_images_are_what_they_are_alone():
    model, images = tiny_model(), tiny_images(2)
    images[1] *= 0.1
    method = IntegratedGradients("noise", tolerance=0.002)
    together = attribute(model, images, ClassLogit(2), method)
    for index in range(2):
        alone = attribute(model, images[index : index + 1], ClassLogit(2), method)
        assert np.array_equal(alone.values[0], together.values[index])
        assert alone.completeness[0] == together.completeness[index]


def test_large_images_get_fewer_gradients(monkeypatch):
    monkeypatch.setattr("actviz_core.attribution.integrated.KEPT", 4 * 12 * 16 * 2 * 20)
    maps = attribute(tiny_model(), tiny_images(2), ClassLogit(2), IntegratedGradients("black", tolerance=0.0))
    assert maps.passes == 40 and maps.done


def test_unknown_baselines_are_refused():
    with pytest.raises(ActvizError, match="black, white, both"):
        replace(IntegratedGradients(), baseline="grey")
