"""What an image is compared with."""

import math
from dataclasses import replace
from typing import get_args

import pytest
import torch

from actviz_core.attribution.baselines import DRAWS, Baseline, baselines
from tests.core.tiny import tiny_images, tiny_model


@pytest.mark.parametrize(("name", "values"), [("black", [0.0]), ("white", [1.0]), ("both", [0.0, 1.0])])
def test_flat_ones(name, values):
    found = baselines(tiny_model(), tiny_images(), name)
    assert found.shape == (len(values), 2, 3, 12, 16)
    assert all((draw == value).all() for draw, value in zip(found, values, strict=True))


def test_the_mean_colour_is_zero_as_the_network_sees_it():
    model, images = tiny_model(), tiny_images()
    (found,) = baselines(model, images, "mean")
    assert (model.normalize(found) == 0).all() and found.shape == images.shape


def test_the_mean_colour_of_a_grey_network_is_grey():
    (found,) = baselines(tiny_model(channels=1), tiny_images(), "mean")
    assert (found == 0.5).all()


def test_blur_spreads_a_point_as_a_gaussian_of_a_sixteenth_of_the_shorter_side():
    images = torch.zeros(1, 3, 64, 96)
    images[:, :, 32, 48] = 1
    (found,) = baselines(tiny_model(), images, "blur")
    assert found.sum().item() == pytest.approx(3, rel=1e-4)
    ratio = found[0, 0, 32, 48 + 4] / found[0, 0, 32, 48]
    assert ratio.item() == pytest.approx(math.exp(-0.5), rel=1e-4)  # one standard deviation away: 64 / 16 px


def test_noise_is_several_draws_between_black_and_white():
    found = baselines(tiny_model(), tiny_images(), "noise", seed=3)
    assert len(found) == DRAWS and 0 <= found.min() < 0.05 and 0.95 < found.max() <= 1
    assert not torch.equal(found[0], found[1])
    assert torch.equal(found, baselines(tiny_model(), tiny_images(), "noise", seed=3))
    assert not torch.equal(found, baselines(tiny_model(), tiny_images(), "noise", seed=4))


@pytest.mark.parametrize("name", get_args(Baseline))
def test_an_image_has_the_same_alone_and_among_others(name):
    images = tiny_images(2)
    together = baselines(tiny_model(), images, name)
    assert torch.equal(together[:, 1:], baselines(tiny_model(), images[1:], name))


def test_a_network_of_one_pixel_has_them_too():
    model = replace(tiny_model(), height=1, width=1)
    assert all(baselines(model, torch.rand(1, 3, 1, 1), name).isfinite().all() for name in get_args(Baseline))
