"""Class activation maps of small networks against what is computed beside them, with the formulas of the papers."""

import numpy as np
import pytest
import torch

from actviz_core import Channel, ClassLogit, Neuron, attribute, find_layer
from actviz_core.attribution.cam import Cam
from actviz_core.attribution.cams import (
    EigenCam,
    GradCam,
    GradCamPlusPlus,
    GradientTimesActivation,
    HiresCam,
    LayerCam,
)
from tests.core.attribution.networks import Pooled, model_of
from tests.core.tiny import reference, tiny_images, tiny_model

CUT = (GradCam, GradCamPlusPlus, HiresCam, LayerCam, EigenCam)


def activation_and_gradient(model, images, layer, score):
    """Of the tiny network, without the code that is tested."""
    found = reference(model, images.clone().requires_grad_())
    (gradient,) = torch.autograd.grad(score(found).sum(), found[layer])
    return found[layer].detach(), gradient


@pytest.fixture
def tiny():
    return tiny_model(), tiny_images()


def of_class(label):
    return lambda found: found["output"][:, label, 0, 0]


def test_grad_cam_weights_maps_by_their_mean_gradient(tiny):
    model, images = tiny
    a, g = activation_and_gradient(model, images, "relu", of_class(2))
    expected = np.einsum("nchw,nc->nhw", a, g.mean((2, 3)))
    signed = attribute(model, images, ClassLogit(2), GradCam("relu", signed=True))
    assert np.allclose(signed.values, expected, atol=1e-6) and signed.layer == "relu"
    cut = attribute(model, images, ClassLogit(2), GradCam("relu"))
    assert np.array_equal(cut.values, signed.values.clip(0))


def test_grad_cam_plus_plus_is_equation_19(tiny):
    model, images = tiny
    a, g = activation_and_gradient(model, images, "relu", of_class(2))
    alpha = g**2 / (2 * g**2 + a.sum((2, 3), keepdim=True) * g**3)
    alpha = torch.where(g == 0, 0, alpha)
    expected = ((alpha * g.clamp(min=0)).sum((2, 3), keepdim=True) * a).sum(1).clamp(min=0)
    maps = attribute(model, images, ClassLogit(2), GradCamPlusPlus("relu"))
    assert expected.any() and np.allclose(maps.values, expected, atol=1e-5)


def test_grad_cam_plus_plus_stays_finite_where_maps_sum_below_zero(tiny):
    model, images = tiny
    model.network.conv1.bias.sub_(1)
    a, g = activation_and_gradient(model, images, "conv1", lambda found: 100 * found["output"][:, 2, 0, 0])
    assert (2 + a.sum((2, 3), keepdim=True) * g.clamp(min=0)).min() < 0, "the formula's denominator"
    maps = attribute(model, images, 100 * ClassLogit(2), GradCamPlusPlus("conv1", signed=True))
    most = (g.clamp(min=0).sum((2, 3), keepdim=True) / 2 * a.abs()).sum(1)
    assert maps.values.any() and (np.abs(maps.values) <= most.numpy() + 1e-5).all()


def test_hires_cam_and_layer_cam_weigh_each_cell_by_its_own_gradient(tiny):
    model, images = tiny
    a, g = activation_and_gradient(model, images, "relu@2", of_class(3))
    products = attribute(model, images, ClassLogit(3), GradientTimesActivation("relu@2"))
    assert np.allclose(products.values, (g * a).sum(1), atol=1e-6) and products.values.min() < 0
    assert np.array_equal(attribute(model, images, ClassLogit(3), HiresCam("relu@2")).values, products.values.clip(0))
    layer = attribute(model, images, ClassLogit(3), LayerCam("relu@2"))
    assert np.allclose(layer.values, (g.clamp(min=0) * a).sum(1), atol=1e-6)


@pytest.mark.parametrize("cls", [GradCam, GradCamPlusPlus])
def test_an_image_has_the_bits_that_it_has_alone_where_channels_lie_next_to_each_other(cls, rng):
    """As convolutions leave gradients on a CPU."""
    activation, gradient = (
        torch.randn(3, 8, 19, 31, generator=rng).to(memory_format=torch.channels_last) for _ in range(2)
    )
    together = cls().combine(activation, gradient)
    for index in range(3):
        alone = cls().combine(activation[index : index + 1], gradient[index : index + 1])
        assert torch.equal(alone[0], together[index])


@pytest.mark.parametrize("layer", ["conv1", "pool"])
def test_eigen_cam_is_the_first_principal_component_whichever_matrix_is_the_smaller(tiny, layer):
    model, images = tiny[0], tiny_images(2, 4, 2) if layer == "pool" else tiny[1]
    a = reference(model, images)[layer].flatten(2).double().numpy()
    assert (a.shape[1] > a.shape[2]) == (layer == "pool")
    maps = attribute(model, images, ClassLogit(0), EigenCam(layer, signed=True)).values.reshape(2, -1)
    for values, cells in zip(maps, a, strict=True):
        centred = (cells - cells.mean(1, keepdims=True)).T
        left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
        assert np.allclose(abs(values), abs(left[:, 0] * sizes[0]), atol=1e-5)
        assert np.corrcoef(values, (cells**2).sum(0))[0, 1] > 0
    other = attribute(model, images, ClassLogit(1), EigenCam(layer, signed=True))
    assert np.array_equal(other.values.reshape(2, -1), maps), "it knows of no class"


@pytest.mark.parametrize("make", [tiny_model, lambda: model_of(Pooled())])
def test_where_pooling_and_a_linear_layer_follow_all_are_one_map(make):
    model, images = make(), tiny_images()
    cam = attribute(model, images, ClassLogit(2), Cam())
    cells = cam.values[0].size
    for cls in (HiresCam, GradCam):
        maps = attribute(model, images, ClassLogit(2), cls(signed=True))
        assert maps.layer == cam.layer and np.allclose(maps.values * cells, cam.values, atol=1e-5)
    bias = float(model.network.fc.bias[2])
    assert np.allclose(cam.values.mean((1, 2)) + bias, cam.score, atol=1e-5)
    assert np.allclose(cam.completeness, cam.values.sum((1, 2)), atol=1e-3)


def test_cam_is_read_behind_the_relu6_that_is_pooled():
    model, images = model_of(Pooled()), tiny_images()
    cam = attribute(model, images, ClassLogit(1), Cam())
    assert cam.layer == "act"
    with torch.no_grad():
        network, x = model.network, model.normalize(images)
        pooled = network.act(network.norm(network.conv(network.stem(x).relu())))
    assert (pooled == 6).any() or pooled.max() > 0
    assert np.allclose(cam.values, torch.einsum("nchw,c->nhw", pooled, network.fc.weight[1]), atol=1e-5)


def test_cam_says_why_not():
    images = tiny_images()
    hidden = model_of(Pooled(hidden=True))
    with pytest.raises(Exception, match="something is not linear, such as a hidden layer"):
        attribute(hidden, images, ClassLogit(1), Cam())
    with pytest.raises(Exception, match="treats their places differently.*take HiResCAM or Grad-CAM"):
        attribute(model_of(Pooled()), images, ClassLogit(1), Cam("norm"))


def test_cam_of_a_channel_is_its_feature_map(tiny):
    model, images = tiny
    cam = attribute(model, images, Channel("conv2", 1), Cam())
    assert cam.layer == "conv2" and np.allclose(cam.values, reference(model, images)["conv2"][:, 1], atol=1e-6)


def test_a_neuron_is_explained_at_a_layer_where_more_than_its_own_cell_matters(tiny):
    model, images = tiny
    maps = attribute(model, images, Neuron("conv2", 1, 4, 7), HiresCam(signed=True))
    a, g = activation_and_gradient(model, images, "relu", lambda found: found["conv2"][:, 1, 4, 7])
    assert maps.layer == "relu" and np.allclose(maps.values, (a * g).sum(1), atol=1e-6)
    rows, columns = np.nonzero(maps.values[0])
    assert set(rows) <= {3, 4, 5} and set(columns) <= {6, 7, 8}


def test_a_difference_of_classes_has_the_difference_of_their_maps(tiny):
    model, images = tiny
    for method in (Cam(), HiresCam(signed=True), GradCam(signed=True), GradientTimesActivation("conv1")):
        one, other, both = (
            attribute(model, images, objective, method).values
            for objective in (ClassLogit("cat"), ClassLogit("dog"), ClassLogit("cat") - ClassLogit("dog"))
        )
        assert both.any() and np.allclose(both, one - other, atol=1e-5)


def test_with_the_other_sign_the_signed_map_has_the_other_sign(tiny):
    model, images = tiny
    for cls in (GradCam, HiresCam):
        one = attribute(model, images, ClassLogit(2), cls("relu", signed=True)).values
        other = attribute(model, images, -ClassLogit(2), cls("relu", signed=True)).values
        assert one.any() and np.allclose(one, -other, atol=1e-6)


@pytest.mark.parametrize("cls", [*CUT, GradientTimesActivation, Cam])
def test_a_dead_unit_has_a_map_of_zeros(cls):
    model = tiny_model()
    model.network.conv1.weight.zero_()
    model.network.conv1.bias.fill_(-1)
    maps = attribute(model, tiny_images(), Channel("relu", 2), cls("conv1"))
    assert maps.score == (0, 0) and not maps.values.any()


@pytest.mark.parametrize("cls", CUT)
def test_what_is_cut_off_can_be_asked_for(tiny, cls):
    model, images = tiny
    for objective in (ClassLogit(2), -ClassLogit(2)):
        signed = attribute(model, images, objective, cls("conv2", signed=True)).values
        cut = attribute(model, images, objective, cls("conv2"))
        assert np.array_equal(cut.values, signed.clip(0))
        assert np.allclose(cut.cut_off, (-signed).clip(0).max((1, 2)))
    assert not cls.signed and cls(signed=True).signed


def test_a_map_of_one_cell(tiny):
    model, images = tiny[0], tiny_images(2, 2, 3)
    assert find_layer(model, "pool", 2, 3).height == find_layer(model, "pool", 2, 3).width == 1
    for cls in (*CUT, Cam, GradientTimesActivation):
        maps = attribute(model, images, ClassLogit(2), cls("pool"))
        assert maps.values.shape == (2, 1, 1) and np.isfinite(maps.values).all()
    assert attribute(model, images, ClassLogit(2), GradCam()).layer == "relu@2"
