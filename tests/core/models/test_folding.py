"""The folded network answers like the original, and says where it does not."""

import threading
from dataclasses import replace

import pytest
import torch
from torch import nn

from actviz_core import ActvizError, Channel, Hyperparams, Spec, load_model, optimize
from actviz_core.models.activations import activations
from actviz_core.models.folding import Folded, folded, in_16_bits, sharing
from actviz_core.models.layers import list_layers
from actviz_core.models.model import Model
from benchmarks.architectures import layers as architectures


class Norms(nn.Module):
    """Convolutions and norms, of which one pair can be folded.

    A folded pair, one whose sum is wanted raw, a norm used twice, a norm before its convolution, a convolution of one
    pixel.
    """

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


def made(kind):
    with torch.random.fork_rng():
        return kind()


def prepared(kind):
    rng = torch.Generator().manual_seed(0)
    network = made(kind)
    for tensor in (*network.parameters(), *network.buffers()):
        if tensor.is_floating_point():
            tensor.data = torch.rand(tensor.shape, generator=rng) + 0.1
    return network.eval().requires_grad_(False)


def images(rng, height=14, width=20):
    return torch.rand(2, 3, height, width, generator=rng)


def test_pairs_are_folded_and_the_answer_stays(rng):
    network, x = prepared(Norms), images(rng)
    found = folded(network, x)
    assert found.changed == {"conv1", "conv2"}
    assert torch.allclose(found.network(x), network(x), rtol=1e-4) and torch.allclose(
        found.network(x[:1]), network(x[:1]), rtol=1e-4
    )
    assert found.network.twice.weight is network.twice.weight, "what is not folded is shared"
    assert isinstance(network.norm1, nn.BatchNorm2d), "the original is left alone"


def test_a_network_that_would_answer_differently_is_left_alone(rng):
    network = prepared(Forked)
    found = folded(network, images(rng))
    assert found.network is network and not found.changed


class Blocks(nn.Module):
    """A block that ends with its convolution, one that hands on a part of it, and the norms behind both elsewhere."""

    class Half(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(4, 4, 1)

        def forward(self, x):
            return self.conv(x).chunk(2, 1)

    def __init__(self):
        super().__init__()
        self.block, self.norm = nn.Sequential(nn.Conv2d(3, 4, 3)), nn.BatchNorm2d(4)
        self.outer = nn.Sequential(nn.Sequential(nn.Conv2d(4, 4, 1)))
        self.norm2, self.cut, self.norm3 = nn.BatchNorm2d(4), self.Half(), nn.BatchNorm2d(2)

    def forward(self, x):
        x = self.norm2(self.outer(self.norm(self.block(x)).relu()))
        left, right = self.cut(x)
        return (self.norm3(left) * right).mean((2, 3))


def test_a_block_that_ends_with_a_convolution_shows_no_norm_that_follows(rng):
    model, x = Model("blocks", prepared(Blocks), (0.5,) * 3, (0.5,) * 3, 14, 20), images(rng)
    assert model.folded.changed == {"block", "block.0", "outer", "outer.0", "outer.0.0"}
    for layer in list_layers(model):
        shown = activations(model, x, [layer.name])[layer.name]
        plain = activations(unfolded(model), x, [layer.name])[layer.name]
        torch.testing.assert_close(shown, plain, rtol=1e-4, atol=1e-5, msg=layer.name)


def unfolded(model):
    plain = replace(model)
    plain.__dict__["folded"] = Folded(model.network)
    return plain


@pytest.mark.parametrize("name", ["timm/dpn48b", "timm/skresnet18", "timm/mixnet_s"])
def test_every_layer_of_real_networks_agrees_whatever_its_norms_have_measured(name, rng):
    model = load_model(name, "cpu", "untrained")
    for module in model.network.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor, low in (
                (module.running_mean, -0.5),
                (module.running_var, 0.5),
                (module.weight, 0.5),
                (module.bias, -0.5),
            ):
                tensor.copy_(torch.rand(tensor.shape, generator=rng) + low)
    model, x = replace(model, fixed_size=False), torch.rand(1, 3, 64, 64, generator=rng)
    names = [layer.name for layer in list_layers(model, 64, 64)]
    assert model.folded.changed and model.folded.network is not model.network
    shown, plain = (
        activations(model, x, [name for name in names if model.folded.shows([name.partition("@")[0]])]),
        activations(unfolded(model), x, names),
    )
    wrong = [name for name in shown if (shown[name] - plain[name]).abs().max() > 1e-3 * plain[name].abs().max()]
    assert not wrong and len(shown) > len(names) / 2


def test_the_benchmark_of_architectures_names_the_layers_that_are_wrong(monkeypatch):
    found = architectures.measured("timm/dpn48b")
    assert not found.wrong and 0 < found.worst < 1e-4 < 0.1 < found.hidden and found.rounding < 1e-4
    assert (found.folded_norms, found.norms) == (33, 54) and found.folded < found.layers
    monkeypatch.setattr(Folded, "shows", lambda folded, names: True)  # as if each module answered as before
    assert len(architectures.measured("timm/dpn48b").wrong) == found.layers - found.folded


class Strange(Norms):
    """What a copy cannot be made of, answers of any kind, a norm that never leaves training."""

    def __init__(self, answer=lambda x: x, attribute=None, training=False):
        super().__init__()
        self.answer, self.attribute = answer, attribute
        if training:
            self.norm1.train = lambda mode=True: self.norm1

    def forward(self, x):
        return self.answer(super().forward(x))


@pytest.mark.parametrize(
    "options",
    [
        {"answer": lambda x: {"logits": x, "none": None}},
        {"answer": lambda x: (x, [x])},
        {"attribute": threading.Lock()},
        {"attribute": iter(range(3))},
        {"training": True},
    ],
    ids=["dictionary", "tuple", "lock", "iterator", "training"],
)
def test_networks_that_cannot_be_folded_are_used_as_they_are(options, rng):
    network = made(lambda: Strange(**options))
    model = Model.of(network, size=(14, 20), device="cpu")
    assert model.folded.changed == (frozenset() if options.get("training") else {"conv1", "conv2"})
    assert list_layers(model) and activations(model, images(rng), ["norm2"])["norm2"].shape == (2, 4, 12, 18)


class Tied(nn.Module):
    """One weight in two convolutions with norms of their own, a module that is called twice, and one with two names."""

    def __init__(self):
        super().__init__()
        self.stem, self.norm = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)
        self.first, self.norm1, self.second, self.norm2 = (
            nn.Conv2d(4, 4, 3),
            nn.BatchNorm2d(4),
            nn.Conv2d(4, 4, 3),
            nn.BatchNorm2d(4),
        )
        self.second.weight = self.first.weight
        self.twice, self.norm3, self.fc = nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4), nn.Linear(4, 5)
        self.again, self.head = nn.Sequential(self.twice, nn.ReLU()), self.fc

    def forward(self, x):
        x = self.norm(self.stem(x)).relu()
        x = self.norm2(self.second(self.norm1(self.first(x)).relu())).relu()
        return self.head(self.again(self.norm3(self.twice(x))).mean((2, 3)))


def test_tied_weights_stay_tied_and_are_folded_apart_and_modules_with_two_names_are_one(rng):
    network, x = prepared(Tied), images(rng)
    network.second.weight = network.first.weight
    model = Model.of(network, size=(14, 20), device="cpu")
    assert model.network.first.weight is model.network.second.weight is not network.first.weight
    assert model.network.again[0] is model.network.twice and model.network.head is model.network.fc
    assert model.folded.changed >= {"stem", "first", "second"} and model.folded.network.norm3 is not model.network.norm3
    kept = {}
    for path, module in network.named_modules():
        module.register_forward_hook(
            lambda module, inputs, output, path=path: kept.setdefault(path or "output", []).append(output)
        )
    network(x)
    for layer in list_layers(model):
        path, _, call = layer.name.partition("@")
        plain = kept[path][int(call or 1) - 1]
        torch.testing.assert_close(
            activations(model, x, [layer.name])[layer.name].flatten(),
            plain.flatten(),
            rtol=1e-4,
            atol=1e-5,
            msg=layer.name,
        )
    assert {"twice", "twice@2"} <= {layer.name for layer in list_layers(model)}
    for name, first in (("head", "fc"), ("again.0", "twice")):
        with pytest.raises(
            ActvizError, match=f"The layer '{name}' of Tied is known by its first name, '{first}': both are one module."
        ):
            activations(model, x, [name])


class Statement(nn.Module):
    """Works in place and throws the result away: without that, its ReLU would be gone."""

    def __init__(self):
        super().__init__()
        self.conv, self.relu, self.last = nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True), nn.Conv2d(4, 4, 1)

    def forward(self, x):
        x = self.conv(x)
        self.relu(x)
        return self.last(x)


def test_a_relu_in_place_whose_result_is_thrown_away_is_kept(rng):
    network, x = made(Statement), torch.rand(1, 3, 14, 20, generator=rng)
    model = Model.of(network, size=(14, 20), device="cpu")
    torch.testing.assert_close(model(x), network(x))
    usual = Model.of(made(lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(True))), size=16, device="cpu")
    assert "in place" in model.source and "in place" not in usual.source and not usual.network[1].inplace
    shown = activations(model, x, ["conv", "relu", "last"])
    torch.testing.assert_close(shown["conv"], network.conv(x))
    torch.testing.assert_close(shown["relu"], network.conv(x).relu())
    torch.testing.assert_close(shown["last"], network(x))


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
    dense, depthwise, small = (
        load_model(name, "cpu", "untrained") for name in ("resnet18", "mobilenet_v3_small", "squeezenet1_1")
    )
    monkeypatch.setattr("actviz_core.models.model.computes_in_16_bits", lambda device: True)
    assert dense.faster_in_16_bits and not depthwise.faster_in_16_bits and not small.faster_in_16_bits
    spec = Spec("resnet18", Channel("layer1", 3), height=64, width=64, iterations=3)
    auto, sixteen = (
        list(optimize(dense, each, Hyperparams()))[-1]
        for each in (spec, Spec(**vars(spec) | {"precision": "autocast"}))
    )
    plain = list(optimize(dense, Spec(**vars(spec) | {"precision": "float32"}), Hyperparams()))[-1]
    assert auto.score == sixteen.score != plain.score and auto.score == pytest.approx(plain.score, rel=0.1)


def test_networks_are_compared_with_all_bits_of_float32():
    class Asking(nn.Module):
        def forward(self, images):
            seen.append((torch.backends.cudnn.conv.fp32_precision, torch.backends.cuda.matmul.fp32_precision))
            return images

    seen, backends = [], (torch.backends.cudnn.conv, torch.backends.cuda.matmul)
    before = [backend.fp32_precision for backend in backends]
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), Asking()).eval()
    assert folded(network, torch.rand(1, 3, 8, 8)).network is not network
    assert seen == [("ieee", "ieee")] * 2 and [backend.fp32_precision for backend in backends] == before


def test_it_says_so_when_the_network_stays_as_it_is(caplog):
    class Moody(nn.Module):
        def forward(self, images):
            asked.append(1)
            return images * len(asked)

    asked = []
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), Moody()).eval()
    assert folded(network, torch.rand(1, 3, 8, 8)).network is network
    assert "with its batch norms as they are, which takes longer: folded it answers otherwise" in caplog.text


def test_weights_in_16_bits_are_those_that_autocast_makes_in_each_pass():
    network = (
        nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.Flatten(), nn.Linear(6 * 36, 4), nn.LayerNorm(4))
        .eval()
        .requires_grad_(False)
    )
    twin = in_16_bits(sharing(network))
    assert [parameter.dtype for parameter in twin.parameters()] == [torch.bfloat16] * 4 + [torch.float32] * 2
    assert (
        all(parameter.dtype == torch.float32 for parameter in network.parameters())
        and twin[4].weight is network[4].weight
    )
    images = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(1)).requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        answers = [each(images) for each in (network, twin)]
    assert torch.equal(*answers)
    gradients = [torch.autograd.grad(answer.sum() * 3, images)[0] for answer in answers]
    assert torch.equal(*gradients)
