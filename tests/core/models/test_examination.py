"""People's own networks and checkpoints: used as they are, or refused in a sentence that says what to do."""

import argparse
import sys
import types

import pytest
import torch
import torch.nn.functional as F
import torchvision
from torch import nn

from actviz_core import ActvizError, Channel, Hyperparams, Spec, load_model, optimize, register
from actviz_core.cli.main import main
from actviz_core.models.model import Model
from actviz_core.models.own import INPUTS, OWN
from tests.core.tiny import Answering


@pytest.fixture(autouse=True)
def own_generator():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def convolution(channels=3):
    return nn.Sequential(nn.Conv2d(channels, 4, 3), nn.BatchNorm2d(4), nn.ReLU())


class Forward(nn.Module):
    def __init__(self, forward):
        super().__init__()
        self.conv, self.calls = nn.Conv2d(3, 4, 3), 0
        self.answer = forward

    def forward(self, *images):
        return self.answer(self, *images)


class Two(Forward):
    def forward(self, images, mask):
        return self.conv(images) * mask


def counting(self, x):
    self.calls += 1
    return self.conv(x) * self.calls


def without_gradient(self, x):
    with torch.no_grad():
        return self.conv(x)


def damaged(value):
    network = convolution()
    with torch.no_grad():
        network[0].weight[0, 0, 0, 0] = value
    return network


def flat(side):
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(4 * (side - 2) ** 2, 5))


@pytest.mark.parametrize(
    "make, options, sentence",
    [
        (
            lambda: flat(32),
            {},
            (
                "cannot take pictures of 3 channels and 224 x 224 px. It takes 32 x 32: "
                "say so with size=32 (--input-size 32)."
            ),
        ),
        (
            lambda: convolution(4),
            {"mean": [0.5] * 3, "std": [0.5] * 3},
            "It takes 4: give a mean and a std of 4 numbers each (--mean, --std).",
        ),
        (lambda: convolution(13), {"mean": [0.5] * 3}, "It takes 13: give a mean and a std of 13 numbers each"),
        (lambda: convolution(1), {"mean": [0.5] * 3}, "It takes 1: give a mean and a std of 1 number each"),
        (
            lambda: convolution().half(),
            {},
            "the weights 0.weight are float16; networks are used in float32: call .float() on it first.",
        ),
        (lambda: convolution().bfloat16(), {}, "are bfloat16"),
        (lambda: convolution().double(), {}, "are float64"),
        (lambda: torch.jit.script(convolution()), {}, "TorchScript, which shows no layers; give the Python module"),
        (lambda: Two(None), {}, "wants more than one input"),
        (
            lambda: Forward(without_gradient),
            {},
            "no gradient passes from the network's answer to the picture: remove torch.no_grad()",
        ),
        (lambda: Forward(lambda self, x: self.conv(x).detach()), {}, "no gradient passes"),
        (lambda: Forward(lambda self, x: self.conv(x.detach())), {}, "no gradient passes"),
        (lambda: Forward(counting), {}, "answers differently when asked twice: it keeps state between calls"),
        (lambda: Forward(lambda self, x: F.dropout(self.conv(x))), {}, "training=self.training"),
        (lambda: Forward(lambda self, x: "cat"), {}, "answers with no tensor of numbers"),
        (lambda: Forward(lambda self, x: self.conv(x) / 0), {}, "answers NaN or infinity to random pixels"),
        (lambda: damaged(float("nan")), {}, "the weights 0.weight hold NaN or infinity"),
        (lambda: damaged(float("inf")), {}, "the weights 0.weight hold NaN or infinity"),
        (convolution, {"std": [0.5, 0.0, 0.5]}, "the std holds 0; each number of it must be above 0"),
        (convolution, {"mean": [0.5, float("nan"), 0.5]}, "must be finite numbers"),
        (convolution, {"mean": [0.5] * 3, "std": [0.5]}, "the mean has 3 numbers and the std 1"),
        (convolution, {"size": 0}, "is no size of a picture"),
        (lambda: convolution().to("meta"), {}, "have no values (device meta)"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_remedy(make, options, sentence):
    with pytest.raises(ActvizError) as problem:
        Model.of(make(), device="cpu", **options)
    assert (
        sentence in str(problem.value) and len(str(problem.value)) < 400 and "learning rate" not in str(problem.value)
    )


def test_what_can_be_used():
    for answer in (
        lambda self, x: {"logits": self.conv(x), "index": self.conv(x).argmax(1)},
        lambda self, x: self.conv(x).argmax(1),
    ):
        assert Model.of(Forward(answer), size=16, device="cpu").channels == 3


@pytest.mark.parametrize(
    "draw",
    [
        lambda x: x + 1e-4 * torch.randn_like(x),
        lambda x: x if torch.rand(1) < 2 else 0 * x,
        lambda x: x + torch.randn_like(x) if torch.is_grad_enabled() else x,
        lambda x: torchvision.ops.stochastic_depth(x, 1e-9, "row"),
    ],
    ids=["a little noise", "a rare case", "with gradients only", "stochastic depth"],
)
def test_a_network_that_draws_random_numbers_is_refused_though_it_may_answer_alike(draw):
    network, before = Forward(lambda self, x: draw(self.conv(x))), torch.get_rng_state()
    with pytest.raises(
        ActvizError, match="draws random numbers when it is asked, so that no picture could be made again"
    ):
        Model.of(network, size=16, device="cpu")
    assert torch.equal(torch.get_rng_state(), before), "and the caller's random numbers are as they were"


def test_a_network_of_one_size_only_sees_pictures_of_any_other_resampled():
    model = Model.of(flat(32), size=32, device="cpu")
    assert model.fixed_size and not Model.of(convolution(), size=32, device="cpu").fixed_size
    *_, frame = optimize(model, Spec(model.name, Channel("0", 1), height=48, width=40, iterations=2), Hyperparams())
    assert frame.images.shape == (1, 48, 40, 3)


# functions


@pytest.fixture
def mine(monkeypatch):
    """A module `mine` with these functions, registered under "mine:NAME"."""
    module = types.ModuleType("mine")
    monkeypatch.setitem(sys.modules, "mine", module)
    yield module
    for registry in (OWN, INPUTS):
        for target in [target for target in registry if target.startswith("mine:")]:
            del registry[target]


def raising():
    raise RuntimeError("no such checkpoint")


def test_functions_that_fail_are_told(mine, tmp_path, monkeypatch):
    mine.raising, mine.wanting, mine.number = raising, lambda width: convolution(), 7
    for name, sentence in (
        ("raising", "mine:raising raised RuntimeError: no such checkpoint."),
        ("wanting", "it is called without arguments: give each a default"),
    ):
        register(f"mine:{name}")
        with pytest.raises(ActvizError, match=sentence):
            load_model(f"mine:{name}", "cpu")
    with pytest.raises(ActvizError, match="it is int, no function"):
        register("mine:number")
    (tmp_path / "broken_at_import.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ActvizError, match="'broken_at_import:f' cannot be registered: ZeroDivisionError"):
        register("broken_at_import:f")


def test_the_command_line_says_what_a_plain_module_takes(mine, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    mine.four = lambda: nn.Sequential(nn.Conv2d(4, 3, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    (tmp_path / "labels.txt").write_text("ant\nbee\ncat\n")
    about = ["--input-size", "24x40", "--mean", "0.1,0.2,0.3,0.4", "--std", "0.5,0.5,0.5,0.5", "--labels", "labels.txt"]
    assert (
        main(["visualize", "--model", "mine:four", *about, "--class", "bee", "--iterations", "2", "--device", "cpu"])
        == 0
    )
    model = load_model("mine:four", "cpu")
    assert (model.height, model.width, model.mean, model.std, model.labels) == (
        24,
        40,
        (0.1, 0.2, 0.3, 0.4),
        (0.5,) * 4,
        ("ant", "bee", "cat"),
    )
    mine.named = lambda: Answering(lambda logits, means, maps: {"means": means, "logits": logits})
    assert (
        main(
            [
                "visualize",
                "--model",
                "mine:named",
                "--input-size",
                "24",
                "--class",
                "4",
                "--iterations",
                "2",
                "--device",
                "cpu",
            ]
        )
        == 0
    )
    mine.pair = lambda: Answering(lambda logits, means, maps: (means, logits))
    assert main(["visualize", "--model", "mine:pair", "--input-size", "24", "--class", "4", "--device", "cpu"]) == 2
    assert "which holds the classes cannot be told" in capsys.readouterr().err
    for wrong, sentence in (
        (["--mean", "0.5,x"], "cannot be read"),
        (["--input-size", "big"], "cannot be read"),
        (["--labels", "absent.txt"], "labels absent.txt cannot be read"),
    ):
        assert main(["layers", "--model", "mine:four", *wrong]) == 2
        assert sentence in capsys.readouterr().err


# checkpoints


class Net(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.conv, self.fc = nn.Conv2d(3, 4, 3), nn.Linear(4, classes)

    def forward(self, x):
        return self.fc(self.conv(x).mean((2, 3)))


@pytest.fixture
def loading(mine, tmp_path):
    """load(what torch.save wrote, the file's name) -> the network's weights."""
    mine.net = Net
    register("mine:net", size="16")

    def load(content, name="w.pth"):
        torch.save(content, tmp_path / name)
        return load_model("mine:net", "cpu", str(tmp_path / name)).network.state_dict()

    return load


STATE = {name: torch.full_like(tensor, 0.25) for name, tensor in Net().state_dict().items()}


def prefixed(*prefixes):
    return {"".join(prefixes) + name: tensor for name, tensor in STATE.items()}


@pytest.mark.parametrize(
    "content",
    [
        prefixed("module."),
        prefixed("_orig_mod."),
        prefixed("model."),
        prefixed("module.", "_orig_mod."),
        prefixed("_orig_mod.", "model.", "module."),
        {"state_dict": prefixed("model."), "epoch": 3, "hyper_parameters": {"lr": 0.1}},
        {"model_state_dict": STATE, "optimizer": {"state": {}}},
        {"model": {"state_dict": prefixed("module.")}, "args": argparse.Namespace(lr=0.1, path="x")},
        STATE | {"epoch": 3, "args": argparse.Namespace()},
        {name: tensor.half() for name, tensor in STATE.items()},
    ],
    ids=range(10),
)
def test_checkpoints_as_people_have_them(content, loading):
    assert all(torch.equal(tensor, STATE[name]) for name, tensor in loading(content).items())


@pytest.mark.parametrize("name", ["w.ckpt", "w.pth.tar", "w.bin", "W.PTH", "w.PT"])
def test_their_names(name, loading):
    assert torch.equal(loading(STATE, name)["fc.bias"], STATE["fc.bias"])


class Config:
    pass


def test_a_class_beside_the_weights_is_refused_by_name(loading):
    with pytest.raises(ActvizError, match="refused.*The file holds a .*Config"):
        loading({"state_dict": STATE, "config": Config()})


@pytest.mark.parametrize(
    "state, sentence",
    [
        (prefixed("backbone."), "have the wrong prefix 'backbone.' before each name; save them without it"),
        (
            STATE | {"fc.bias": torch.zeros(0), "fc.weight": torch.zeros(0, 4)},
            "they have 0 classes; 1 to 100,000 are possible",
        ),
        (
            STATE | {"fc.bias": torch.zeros(1).expand(500_000), "fc.weight": torch.zeros(1, 1).expand(500_000, 4)},
            "claims 2,000,000 numbers, more than the file holds",
        ),
        (STATE | {"fc.weight": torch.zeros(1, 1).expand(10**12, 4)}, "more than the file holds"),
        (
            STATE | {"fc.bias": torch.zeros(1).expand(10**12)},
            "claims 1,000,000,000,000 numbers, more than the file holds",
        ),
        (STATE | {"fc.bias": torch.zeros(200_000)}, "they have 200,000 classes"),
        (STATE | {"fc.bias": torch.eye(3).to_sparse()}, "is no plain tensor"),
        (STATE | {"conv.weight": torch.full((4, 3, 3, 3), float("nan"))}, "conv.weight hold NaN or infinity"),
        ({name: tensor for name, tensor in STATE.items() if name != "conv.bias"}, "conv.bias is missing"),
    ],
    ids=range(9),
)
def test_checkpoints_that_cannot_be_used(state, sentence, loading):
    with pytest.raises(ActvizError) as problem:
        loading(state)
    assert sentence in str(problem.value)


def test_a_packed_file_is_refused_before_it_is_unpacked(mine, tmp_path):
    import zipfile

    mine.net = Net
    register("mine:net", size="16")
    torch.save(STATE | {"more": torch.zeros(2**20)}, tmp_path / "plain.pth")
    with (
        zipfile.ZipFile(tmp_path / "plain.pth") as plain,
        zipfile.ZipFile(tmp_path / "packed.pth", "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for part in plain.infolist():
            packed.writestr(part.filename, plain.read(part))
    assert (tmp_path / "packed.pth").stat().st_size < 20_000
    with pytest.raises(ActvizError, match="they are packed"):
        load_model("mine:net", "cpu", str(tmp_path / "packed.pth"))
