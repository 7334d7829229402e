"""Guided backpropagation and deconvolution against what they are by hand, however a network says ReLU."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from actviz_core import Channel, ClassLogit, NotAllowed, attribute, load_model
from actviz_core.attribution import Deconvolution, GradCam, GuidedBackpropagation, GuidedGradCam, Saliency
from actviz_core.attribution.placement import placed, resized
from actviz_core.models.model import Model
from tests.core.tiny import tiny_images, tiny_model

MEAN, STD = (0.5, 0.4, 0.3), (0.2, 0.25, 0.4)
BOTH = pytest.mark.parametrize("method", [GuidedBackpropagation(), Deconvolution()], ids=lambda method: method.rule)


def as_a_statement(x):
    nn.ReLU(inplace=True)(x)
    return x


RELUS = {
    "nn.ReLU": nn.ReLU(),
    "nn.ReLU in place": nn.ReLU(inplace=True),
    "nn.ReLU as a statement": as_a_statement,
    "F.relu": F.relu,
    "F.relu in place": lambda x: F.relu(x, True),
    "torch.relu": torch.relu,
    "torch.relu_": torch.relu_,
    "Tensor.relu": torch.Tensor.relu,
    "Tensor.relu_": torch.Tensor.relu_,
    "clamp": lambda x: x.clamp(min=0),
    "clamp_": lambda x: torch.clamp_(x, 0),
    "clamp_min": lambda x: x.clamp_min(0.0),
}
SIXES = {
    "nn.ReLU6": nn.ReLU6(),
    "nn.ReLU6 in place": nn.ReLU6(inplace=True),
    "F.relu6": F.relu6,
    "nn.Hardtanh": nn.Hardtanh(0.0, 6.0),
    "F.hardtanh in place": lambda x: F.hardtanh(x, 0.0, 6.0, True),
    "clip": lambda x: torch.clip(x, 0, 6),
    "clamp by name": lambda x: x.clamp(min=0, max=6),
}


class Twice(nn.Module):
    """Two convolutions, each with the same ReLU behind it, and means."""

    def __init__(self, relu):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 3, 3, padding=1)
        self.relu = relu
        rng = torch.Generator().manual_seed(3)
        for parameter in self.parameters():
            parameter.data = torch.randn(parameter.shape, generator=rng)

    def forward(self, x):
        return self.relu(self.conv2(self.relu(self.conv1(x)))).mean((2, 3))


def model_of(relu) -> Model:
    return Model("twice", Twice(relu).eval().requires_grad_(False), MEAN, STD, 12, 16)


def by_hand(model, images, label, method, upper):
    """Forward and back through both ReLUs without autograd."""
    conv1, conv2 = model.network.conv1, model.network.conv2
    first = conv1(model.normalize(images))
    second = conv2(first.clamp(0, upper))
    gradient = torch.zeros_like(second)
    gradient[:, label] = 1 / second[0, 0].numel()

    def passed(gradient, inputs):
        through = (inputs > 0) & (inputs < upper) if method.rule == "guided" else torch.ones_like(inputs)
        return gradient.clamp(min=0) * through

    gradient = F.conv_transpose2d(passed(gradient, second), conv2.weight, padding=1)
    gradient = F.conv_transpose2d(passed(gradient, first), conv1.weight, padding=1)
    return (gradient / torch.tensor(STD).view(3, 1, 1)).sum(1).numpy()


@BOTH
@pytest.mark.parametrize("name", [*RELUS, *SIXES])
def test_each_way_to_say_relu(method, name):
    model, images = model_of((RELUS | SIXES)[name]), tiny_images()
    expected = by_hand(model, images, 1, method, 6.0 if name in SIXES else np.inf)
    maps = attribute(model, images, ClassLogit(1), method)
    assert np.allclose(maps.values, expected, atol=1e-5) and maps.values.any()
    plain = attribute(model, images, ClassLogit(1), Saliency()).values
    assert not np.allclose(abs(maps.values), plain, atol=1e-3)


def test_a_relu6_that_is_full_lets_nothing_through_when_guided():
    images = tiny_images()
    six, free = model_of(nn.ReLU6()), model_of(nn.ReLU())
    ours = [attribute(model, images, ClassLogit(1), GuidedBackpropagation()).values for model in (six, free)]
    assert (six.network.conv1(six.normalize(images)) > 6).any() and not np.allclose(*ours)


def test_reused_and_in_place_with_a_sum_in_place():
    """The tiny network's one ReLU is called twice; by hand over the reference's formula."""
    model, images = tiny_model(), tiny_images()
    network = model.network
    first = F.conv2d(model.normalize(images), network.conv1.weight, network.conv1.bias, padding=1)
    second = F.conv2d(first.clamp(min=0), network.conv2.weight, network.conv2.bias, padding=1) + first.clamp(min=0)
    again = second.clamp(min=0).requires_grad_()
    score = (F.max_pool2d(again, 2).mean((2, 3)) @ network.fc.weight.T)[:, 2].sum()
    (gradient,) = torch.autograd.grad(score, again)
    gradient = gradient.clamp(min=0) * (second > 0)
    gradient = gradient + F.conv_transpose2d(gradient, network.conv2.weight, padding=1)
    gradient = F.conv_transpose2d(gradient.clamp(min=0) * (first > 0), network.conv1.weight, padding=1)
    expected = (gradient / torch.tensor(model.std).view(3, 1, 1)).sum(1)
    maps = attribute(model, images, ClassLogit(2), GuidedBackpropagation())
    assert np.allclose(maps.values, expected, atol=1e-6) and maps.values.any()


OTHER = {
    "SiLU": nn.SiLU(),
    "GELU": nn.GELU(),
    "Hardswish": F.hardswish,
    "LeakyReLU": lambda x: F.leaky_relu(x, 0.1),
    "PReLU": nn.PReLU(),
    "ELU": F.elu,
    "Softplus": F.softplus,
    "Mish": nn.Mish(inplace=True),
    "Hardtanh": nn.Hardtanh(),
    "Sigmoid": lambda x: x * x.sigmoid(),
    "Tanh": torch.tanh,
}


@BOTH
@pytest.mark.parametrize("name", OTHER)
def test_other_activation_functions_are_named(method, name):
    with pytest.raises(NotAllowed, match=f"twice has {name} before the target.*choose saliency"):
        attribute(model_of(OTHER[name]), tiny_images(1), ClassLogit(1), method)


def test_what_comes_behind_the_target_does_not_matter():
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3), nn.SiLU(), nn.Flatten())
    model = Model("mixed", network.eval().requires_grad_(False), MEAN, STD, 12, 16, fixed_size=True)
    assert attribute(model, tiny_images(1), Channel("1", 0), GuidedBackpropagation()).done
    with pytest.raises(NotAllowed, match="SiLU"):
        attribute(model, tiny_images(1), ClassLogit(1), GuidedBackpropagation())


def test_gates_of_whole_channels_keep_their_gradient():
    class Gated(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 4, 3)

        def forward(self, x):
            x = F.relu(self.conv(x))
            return (x * x.mean((2, 3), keepdim=True).sigmoid()).mean((2, 3))

    model = Model("gated", Gated().eval().requires_grad_(False), MEAN, STD, 12, 16)
    assert attribute(model, tiny_images(1), ClassLogit(1), GuidedBackpropagation()).done


@BOTH
def test_without_a_relu_there_is_no_rule(method):
    with pytest.raises(NotAllowed, match="twice has no ReLU before the target"):
        attribute(model_of(nn.Identity()), tiny_images(1), ClassLogit(1), method)


def test_guided_grad_cam_is_the_product():
    model, images = tiny_model(), tiny_images()
    guided = attribute(model, images, ClassLogit(2), GuidedBackpropagation()).values
    region = resized(placed(model, attribute(model, images, ClassLogit(2), GradCam("pool"))))
    maps = attribute(model, images, ClassLogit(2), GuidedGradCam("pool"))
    assert np.allclose(maps.values, guided * region, atol=1e-7) and maps.passes == 4


def test_two_threads_at_once_get_what_each_gets_alone():
    model, images, barrier = tiny_model(), tiny_images(), Barrier(3)
    methods = [GuidedBackpropagation(), Deconvolution(), Saliency()]
    alone = [attribute(model, images, ClassLogit(2), method).values for method in methods]

    def often(method):
        barrier.wait(10)
        return [attribute(model, images, ClassLogit(2), method).values for _ in range(30)]

    with ThreadPoolExecutor(3) as pool:
        for found, expected in zip(pool.map(often, methods), alone, strict=True):
            assert all(np.array_equal(values, expected) for values in found)


def test_nothing_remains_afterwards():
    model, images = tiny_model(), tiny_images(1)
    before = attribute(model, images, ClassLogit(2), Saliency()).values
    for parameter in model.network.parameters():
        parameter.requires_grad_()
    attribute(model, images, ClassLogit(2), GuidedBackpropagation())
    with pytest.raises(NotAllowed):
        attribute(model_of(nn.SiLU()), images, ClassLogit(1), GuidedBackpropagation())
    assert all(parameter.grad is None for parameter in model.network.parameters())
    assert not any(module._forward_hooks or module._backward_hooks for module in model.network.modules())
    assert np.array_equal(attribute(model, images, ClassLogit(2), Saliency()).values, before)


def test_a_packaged_network_of_relu6_is_guided():
    model, images = load_model("efficientnet_lite0", "cpu"), torch.rand(1, 3, 64, 96)
    guided = attribute(model, images, ClassLogit(3), GuidedBackpropagation()).values
    plain = attribute(model, images, ClassLogit(3), Saliency()).values
    assert abs(np.corrcoef(abs(guided).ravel(), plain.ravel())[0, 1]) < 0.9
