"""What people hand over stays as it was, whatever it is, and whatever is done with the model made of it."""

import copy
import io
import threading
import warnings

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations, prune, spectral_norm, weight_norm

from actviz_core import Channel, Hyperparams, Spec, list_layers, load_model, optimize
from actviz_core.models.copies import copied
from actviz_core.models.model import Model
from actviz_core.models.own import OWN


def plain():
    return nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.Conv2d(4, 5, 1))


def hooked():
    network = plain()
    network.seen = []
    network[0].register_forward_hook(lambda module, inputs, output: output * 2)
    network[1].register_forward_pre_hook(lambda module, inputs: None)
    network[3].register_full_backward_hook(lambda module, given, got: None)
    return network


def with_gradients():
    network = plain()
    network(torch.rand(2, 3, 8, 8)).sum().backward()
    network[0].weight.requires_grad_(False)
    return network


def shared_weights():
    network = plain()
    network.append(network[3].__class__(5, 4, 1))
    network.append(network[3])
    return network


class Counting(nn.Module):
    """Keeps state between calls, in a buffer and in an attribute."""

    def __init__(self):
        super().__init__()
        self.conv, self.calls = nn.Conv2d(3, 4, 3), 0
        self.register_buffer("mean", torch.zeros(4))

    def forward(self, x):
        x, self.calls = self.conv(x), self.calls + 1
        self.mean += x.detach().mean((0, 2, 3))
        return x


class Holding(nn.Module):
    """Holds what no copy can be made of: a lock, a generator, an open file, and a tensor that descends from others."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.lock, self.numbers, self.file = threading.Lock(), (i for i in range(3)), io.TextIOWrapper(io.BytesIO())
        self.scaled = self.conv.weight * 2

    def forward(self, x):
        with self.lock:
            return F.conv2d(x, self.scaled)


class Methods(nn.Module):
    """A bound method of its own as an attribute: a copy must call itself, not the network that it is copied from."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.steps = [self.first]

    def first(self, x):
        return self.conv(x)

    def forward(self, x):
        return self.steps[0](x)


class Training(nn.Module):
    """Never leaves training mode."""

    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)

    def train(self, mode=True):
        return super().train(True)

    def forward(self, x):
        return self.norm(self.conv(x))


def lazy():
    return nn.Sequential(nn.LazyConv2d(4, 3), nn.ReLU(inplace=True), nn.LazyConv2d(5, 1))


def old_weight_norm():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nn.Sequential(weight_norm(nn.Conv2d(3, 4, 3)), spectral_norm(nn.Conv2d(4, 5, 1)))


SHAPES = {
    "plain": plain,
    "hooked": hooked,
    "with gradients": with_gradients,
    "shared weights": shared_weights,
    "state between calls": Counting,
    "uncopyable attributes": Holding,
    "bound methods": Methods,
    "always training": Training,
    "lazy": lazy,
    "old weight norm": old_weight_norm,
    "parametrized": lambda: nn.Sequential(
        parametrizations.weight_norm(nn.Conv2d(3, 4, 3)), nn.Flatten(), parametrizations.orthogonal(nn.Linear(240, 6))
    ),
    "pruned": lambda: nn.Sequential(prune.l1_unstructured(nn.Conv2d(3, 4, 3), "weight", 0.5), nn.ReLU()),
    "data parallel": lambda: nn.DataParallel(plain()),
    "compiled": lambda: torch.compile(plain()),
    "frozen": lambda: plain().eval().requires_grad_(False),
}


def described(network):
    """All that could be changed about a network, as values that can be compared."""
    found = {}
    for path, module in network.named_modules():
        hooks = [
            sorted(map(id, getattr(module, name).values()))
            for name in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks")
        ]
        found[path] = (
            type(module),
            module.training,
            getattr(module, "inplace", None),
            hooks,
            getattr(module, "calls", None),
        )
    for name, tensor in (*network.named_parameters(), *network.named_buffers()):
        if isinstance(tensor, nn.UninitializedParameter):
            found[name] = "uninitialized"
            continue
        gradient = None if tensor.grad is None else tensor.grad.tolist()
        found[name] = (id(tensor), tensor.requires_grad, tensor.stride(), tensor._version, tensor.tolist(), gradient)
    return found


@pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
def test_what_was_given_stays_as_it_was(make):
    torch.manual_seed(0)
    network = make()
    before, state = described(network), torch.get_rng_state()
    model = Model.of(network, size=(8, 12), device="cpu")
    assert torch.equal(torch.get_rng_state(), state), "the global random generator was used"
    layers = list_layers(model)
    *_, frame = optimize(
        model, Spec(model.name, Channel(layers[0].name, 1), height=8, width=12, iterations=2), Hyperparams(0.1, ())
    )
    assert described(network) == before
    assert len(frame.score) == 1 and model.network is not network
    mine = {id(tensor) for tensor in (*model.network.parameters(), *model.network.buffers())}
    assert mine.isdisjoint(id(tensor) for tensor in (*network.parameters(), *network.buffers()))
    assert not any(parameter.requires_grad or parameter.grad is not None for parameter in model.network.parameters())


@pytest.mark.parametrize(
    "make", [plain, shared_weights, hooked, Holding, Methods, old_weight_norm], ids=lambda make: make.__name__
)
def test_a_copy_answers_like_the_network(make):
    torch.manual_seed(0)
    network = make().eval()
    images = torch.rand(1, 3, 8, 12)
    assert torch.equal(copied(network)(images), network(images))


def test_a_copy_calls_itself():
    network = Methods()
    twin = copied(network)
    nn.init.zeros_(network.conv.weight), nn.init.zeros_(network.conv.bias)
    assert twin(torch.rand(1, 3, 8, 8)).abs().sum() > 0


@pytest.fixture
def kept(monkeypatch):
    """A registered function that gives the same trained network each time, as most people's do."""
    network = plain()
    monkeypatch.setitem(OWN, "mine:kept", lambda: network)
    return network


def test_untrained_and_weights_leave_the_trained_network_alone(kept, tmp_path):
    trained = copy.deepcopy(kept.state_dict())
    torch.save({name: torch.zeros_like(tensor) for name, tensor in trained.items()}, tmp_path / "zeros.pth")
    before = described(kept)
    first = load_model("mine:kept", "cpu")
    untrained, zeros = (
        load_model("mine:kept", "cpu", "untrained"),
        load_model("mine:kept", "cpu", str(tmp_path / "zeros.pth")),
    )
    again = load_model("mine:kept", "cpu")
    for name, tensor in trained.items():
        assert torch.equal(first.network.state_dict()[name], tensor) and torch.equal(
            again.network.state_dict()[name], tensor
        )
    assert zeros.network[0].weight.abs().sum() == 0 and not torch.equal(
        untrained.network[0].weight, trained["0.weight"]
    )
    assert described(kept) == before


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 13])
def test_any_number_of_channels(channels):
    torch.manual_seed(0)
    model = Model.of(
        nn.Sequential(nn.Conv2d(channels, 4, 3)),
        size=(8, 12),
        mean=[0.5] * channels,
        std=[0.25] * channels,
        device="cpu",
    )
    images = torch.rand(2, 3, 8, 12)
    seen, grey = model.normalize(images) * 0.25 + 0.5, images.mean(1)
    expected = [grey] if channels == 1 else [images[:, 0], images[:, 1], images[:, 2], *[grey] * 10][:channels]
    torch.testing.assert_close(seen, torch.stack(expected, 1))
    frames = list(
        optimize(model, Spec(model.name, Channel("0", 1), height=8, width=12, iterations=3), Hyperparams(0.1, ()))
    )
    assert frames[-1].score > frames[0].score
