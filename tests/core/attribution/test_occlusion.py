"""Occlusion against windows that are covered one by one, on the way and at the end."""

import numpy as np
import pytest
import torch

from actviz_core import ActvizError, Channel, ClassLogit, attribute
from actviz_core.attribution import Occlusion
from actviz_core.attribution.attribute import attributed
from tests.core.tiny import reference, tiny_images, tiny_model


def one_by_one(model, images, label, tops, lefts, window, colour):
    """Each pixel's mean drop over the windows on it."""
    whole = reference(model, images)["output"][:, label, 0, 0]
    total, count = np.zeros((len(images), *images.shape[2:])), np.zeros(images.shape[2:])
    for top in tops:
        for left in lefts:
            covered = images.clone()
            covered[:, :, top : top + window, left : left + window] = torch.tensor(colour).view(3, 1, 1)
            drop = whole - reference(model, covered)["output"][:, label, 0, 0]
            total[:, top : top + window, left : left + window] += drop.numpy()[:, None, None]
            count[top : top + window, left : left + window] += 1
    return total / count


@pytest.mark.parametrize(("baseline", "colour"), [("mean", (0.5, 0.4, 0.3)), ("white", (1.0, 1.0, 1.0))])
def test_each_pixel_has_the_mean_drop_of_the_windows_over_it_and_those_at_the_borders_are_whole(baseline, colour):
    model, images = tiny_model(), tiny_images()
    method = Occlusion(window=5, stride=3, baseline=baseline)
    maps = attribute(model, images, ClassLogit(2), method)
    expected = one_by_one(model, images, 2, (0, 3, 6, 7), (0, 3, 6, 9, 11), 5, colour)
    assert np.allclose(maps.values, expected, atol=1e-5)
    against = attribute(model, images, -ClassLogit(2), method)
    assert np.allclose(against.values, -maps.values, atol=1e-5) and maps.values.std() > 0.01
    assert maps.passes == method.passes(model, 12, 16) == 21 and maps.layer == ""


def test_of_two_colours_the_mean_is_taken():
    model, images = tiny_model(), tiny_images()
    white, black, both = (
        attribute(model, images, ClassLogit(2), Occlusion(4, 4, baseline)) for baseline in ("white", "black", "both")
    )
    assert np.allclose(both.values, (white.values + black.values) / 2, atol=1e-5) and both.passes == 25
    assert Occlusion(4, 4, "both").passes(tiny_model(), 12, 16) == 25


def test_on_the_way_the_nearest_window_stands_for_those_to_come():
    model, images = tiny_model(), tiny_images(1)
    found = list(attributed(model, images, ClassLogit(2), Occlusion(2, 2)))
    assert len(found) == 12 and [maps.fraction for maps in found] == [(step + 1) / 12 for step in range(12)]
    drops = attribute(model, images, ClassLogit(2), Occlusion(2, 2)).values[0, ::2, ::2]
    first = found[0].values[0, ::2, ::2]  # windows at 0, 0; 0, 4; 4, 0 and 4, 4
    assert np.allclose(first[:2, :2], drops[0, 0]) and np.allclose(first[:2, 3:], drops[0, 4])
    assert np.allclose(first[3:, 3:], drops[4, 4])
    errors = [np.abs(maps.values[0, ::2, ::2] - drops).mean() for maps in found]
    assert errors[-1] == 0 and errors[0] > errors[5] > 0


def test_what_windows_may_be():
    model, images = tiny_model(), tiny_images()
    with pytest.raises(ActvizError, match="occlusion.stride is 6; it must be at most the window, 5 px"):
        attribute(model, images, ClassLogit(2), Occlusion(window=5, stride=6))
    usual = Occlusion().windows(224, 300)
    assert (usual.height, usual.width) == (32, 32) and usual.tops[:2] == (0, 16) and usual.lefts[-1] == 300 - 32
    whole = attribute(model, images, ClassLogit(2), Occlusion(window=50))
    grey = torch.tensor(model.mean).view(1, 3, 1, 1).expand_as(images)
    expected = whole.score[0] - float(reference(model, grey)["output"][0, 2])
    assert np.allclose(whole.values[0], expected, atol=1e-5)
    assert attribute(model, tiny_images(1, 2, 3), ClassLogit(2), Occlusion()).values.shape == (1, 2, 3)


def test_a_dead_channel_misses_nothing():
    model = tiny_model()
    model.network.conv1.bias.fill_(-100)
    assert not attribute(model, tiny_images(), Channel("relu", 1), Occlusion()).values.any()
