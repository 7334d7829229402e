"""SmoothGrad and VarGrad against the mean and the variance of gradients that were taken one by one."""

import numpy as np
import pytest
import torch

from actviz_core import ActvizError, ClassLogit, attribute
from actviz_core.attribution import Saliency, SmoothGrad, Subject, VarGrad
from actviz_core.attribution.attribute import attributed
from tests.core.tiny import reference, tiny_images, tiny_model


def one_by_one(model, image, label, samples, share, seed):
    """[samples, 3, h, w]"""
    rng, found = torch.Generator().manual_seed(seed), []
    for _ in range(samples):
        noise = torch.randn(1, *image.shape, generator=rng)
        noisy = (image + share * (image.max() - image.min()) * noise).requires_grad_()
        score = reference(model, noisy)["output"][0, label, 0, 0]
        found.append(torch.autograd.grad(score, noisy)[0][0])
    return torch.stack(found)


@pytest.mark.parametrize("samples", [2, 7])
def test_mean_and_variance_of_gradients(samples):
    model, images = tiny_model(), tiny_images() * torch.tensor([1.0, 0.3]).view(2, 1, 1, 1)
    settings = samples, 0.4, 5
    gradients = [one_by_one(model, image, 2, *settings) for image in images]
    smooth = attribute(model, images, ClassLogit(2), SmoothGrad(*settings))
    expected = [each.mean(0).abs().amax(0) for each in gradients]
    assert np.allclose(smooth.values, torch.stack(expected), atol=1e-6) and smooth.values.any()
    varied = attribute(model, images, ClassLogit(2), VarGrad(*settings))
    expected = [each.var(0, correction=0).amax(0) for each in gradients]
    assert np.allclose(varied.values, torch.stack(expected), atol=1e-7) and varied.values.any()


def test_without_noise_it_is_saliency_and_nothing_varies():
    model, images = tiny_model(), tiny_images()
    expected = attribute(model, images, ClassLogit(2), Saliency()).values
    smooth = attribute(model, images, ClassLogit(2), SmoothGrad(5, noise=0.0)).values
    assert np.allclose(smooth, expected, atol=1e-6)
    assert np.allclose(attribute(model, images, ClassLogit(2), VarGrad(5, noise=0.0)).values, 0, atol=1e-12)


def test_the_score_is_that_of_the_image_without_noise():
    model, images = tiny_model(), tiny_images()
    maps = attribute(model, images, ClassLogit(2), SmoothGrad(3))
    assert np.allclose(maps.score, reference(model, images)["output"][:, 2, 0, 0])


def test_each_map_on_the_way_is_that_of_so_many_samples():
    model, images = tiny_model(), tiny_images(1)
    found = list(attributed(model, images, ClassLogit(2), SmoothGrad(10)))
    assert [maps.fraction for maps in found] == [0.4, 0.8, 1.0] and [maps.done for maps in found] == [
        False,
        False,
        True,
    ]
    assert [maps.passes for maps in found] == [9, 17, 21] and SmoothGrad(10).passes(model, 12, 16) == 21
    for maps, samples in zip(found, (4, 8, 10), strict=True):
        expected = attribute(model, images, ClassLogit(2), SmoothGrad(samples)).values
        assert np.array_equal(maps.values, expected)


def test_another_seed_is_other_noise():
    model, images = tiny_model(), tiny_images(1)
    first, again, other = (
        attribute(model, images, ClassLogit(2), SmoothGrad(4, seed=seed)).values for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again) and not np.allclose(first, other)


def test_an_image_of_one_colour_has_no_range_and_so_no_noise():
    model, images = tiny_model(), torch.full((1, 3, 12, 16), 0.5)
    expected = attribute(model, images, ClassLogit(2), Saliency()).values
    assert np.allclose(attribute(model, images, ClassLogit(2), SmoothGrad(3)).values, expected, atol=1e-6)


def test_the_images_go_through_one_pass_of_a_few(monkeypatch):
    sizes, gradients = [], Subject.gradients
    monkeypatch.setattr(Subject, "gradients", lambda self, images: sizes.append(len(images)) or gradients(self, images))
    attribute(tiny_model(), tiny_images(3), ClassLogit(2), SmoothGrad(3))
    assert sizes == [3, 3, 3]


def test_out_of_range():
    with pytest.raises(ActvizError, match="samples"):
        SmoothGrad(1)
    with pytest.raises(ActvizError, match="noise"):
        VarGrad(noise=-0.1)
