"""The folded network answers like the original, and says where it does not."""

import pytest
import torch
from torch import nn

from actviz_core import Channel, Hyperparams, Spec, load_model, optimize
from actviz_core.folding import Pointwise, folded
from actviz_core.layers import activations, list_layers
from actviz_core.models import Model


class Norms(nn.Module):
    """A folded pair, one whose sum is wanted raw, a norm used twice, a norm before its convolution, a convolution of one pixel."""

    def __init__(self):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)
        self.conv2, self.norm2 = nn.Conv2d(4, 4, 1, bias=False), nn.BatchNorm2d(4)
        self.conv3, self.conv4, self.twice = nn.Conv2d(4, 4, 3), nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4)

    def forward(self, x):
        x = self.norm1(self.conv1(x)).relu()
        x = self.norm2(self.conv2(x)).relu()
        x = self.twice(self.conv4(self.twice(self.conv3(x))))
        return x.mean((2, 3))


class Forked(Norms):
    """What a convolution answers is used past its norm too: folding would change it."""

    def forward(self, x):
        x = self.conv1(x)
        return (self.norm1(x) + x).mean((2, 3))


def prepared(kind):
    rng = torch.Generator().manual_seed(0)
    with torch.random.fork_rng():
        network = kind()
    for tensor in (*network.parameters(), *network.buffers()):
        if tensor.is_floating_point():
            tensor.data = torch.rand(tensor.shape, generator=rng) + 0.1
    return network.eval().requires_grad_(False)


def images(rng, height=14, width=20):
    return torch.rand(2, 3, height, width, generator=rng)


def test_pairs_are_folded_and_the_answer_stays(rng):
    network, x = prepared(Norms), images(rng)
    found = folded(network, x)
    assert found.changed == {"conv1", "conv2"} and isinstance(found.network.conv2, Pointwise)
    assert torch.allclose(found.network(x), network(x), rtol=1e-4) and torch.allclose(found.network(x[:1]), network(x[:1]), rtol=1e-4)
    assert found.network.twice.weight is network.twice.weight, "what is not folded is shared"
    assert isinstance(network.norm1, nn.BatchNorm2d), "the original is left alone"


def test_a_network_that_would_answer_differently_is_left_alone(rng):
    network = prepared(Forked)
    found = folded(network, images(rng))
    assert found.network is network and not found.changed


def test_a_network_without_norms_is_itself(rng):
    network = prepared(lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()))
    assert folded(network, images(rng)).network is network


def test_a_folded_convolution_is_looked_at_in_the_original(rng):
    """What conv1 answers before its norm is no longer there in the folded network."""
    model, x = Model("norms", prepared(Norms), (0.5,) * 3, (0.5,) * 3, 14, 20), images(rng)
    raw = model.network.conv1(model.normalize(x))
    assert torch.equal(activations(model, x, ["conv1"])["conv1"], raw)
    both = activations(model, x, ["conv1", "norm1"])
    assert torch.equal(both["norm1"], model.network.norm1(raw))


@pytest.mark.parametrize("name", ["resnet18", "timm/regnety_002", "mobilenet_v3_small"])
def test_every_layer_of_a_real_network_answers_alike(name, rng):
    model = load_model(name, "cpu", weights="untrained")
    assert model.folded.changed
    x = torch.rand(1, 3, 64, 64, generator=rng)
    names = [layer.name for layer in list_layers(model, 64, 64) if layer.block]
    answers = activations(model, x, names)
    model.__dict__["folded"] = type(model.folded)(model.network)
    for name, plain in activations(model, x, names).items():
        assert torch.allclose(answers[name], plain, rtol=1e-3, atol=1e-4 * plain.abs().max()), name


def test_sixteen_bits_are_for_large_dense_networks_on_machines_that_have_them(monkeypatch):
    dense, depthwise, small = (load_model(name, "cpu", "untrained") for name in ("resnet18", "mobilenet_v3_small", "squeezenet1_1"))
    monkeypatch.setattr("actviz_core.models.computes_in_16_bits", lambda device: True)
    assert dense.faster_in_16_bits and not depthwise.faster_in_16_bits and not small.faster_in_16_bits
    spec = Spec("resnet18", Channel("layer1", 3), height=64, width=64, iterations=3)
    auto, sixteen = (list(optimize(dense, each, Hyperparams()))[-1] for each in (spec, Spec(**vars(spec) | {"precision": "autocast"})))
    plain = list(optimize(dense, Spec(**vars(spec) | {"precision": "float32"}), Hyperparams()))[-1]
    assert auto.score == sixteen.score != plain.score and auto.score == pytest.approx(plain.score, rel=0.1)
