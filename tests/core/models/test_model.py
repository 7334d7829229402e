import pickle
import sys
import threading
from contextlib import suppress
from types import SimpleNamespace

import numpy as np
import pytest
import safetensors.torch
import timm
import torch
import torchvision
from torch import nn
from torchvision.transforms.functional import normalize

from actviz_core.errors import ActvizError, near
from actviz_core.models import model as models
from actviz_core.models.catalogue import OWN, catalogue, find, register
from actviz_core.models.layers import OUTPUT, activations, list_layers
from actviz_core.models.model import Model, choose_device, load_model
from tests.core.tiny import Tiny, tiny_images, tiny_model

SMALL = "squeezenet1_1"


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def checkpoints(tmp_path, monkeypatch):
    """An empty folder of weights, and no network connection."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(torch.hub, "_hub_dir", None)

    def offline(*call, **settings):
        raise OSError("no connection")

    monkeypatch.setattr(torch.hub, "download_url_to_file", offline)
    monkeypatch.setattr(timm.models, "load_state_dict_from_hf", offline)
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def own_networks(monkeypatch):
    """A module `mine` that can be imported, forgotten afterwards."""
    made = SimpleNamespace(grey=lambda: Tiny(1, 10), whole=tiny_model, wrong=lambda: 7)
    monkeypatch.setitem(sys.modules, "mine", made)
    yield
    for target in [target for target in OWN if target.startswith("mine:")]:
        del OWN[target]


def saved(tmp_path, state, suffix=".pth"):
    file = tmp_path / f"weights{suffix}"
    (safetensors.torch.save_file if suffix == ".safetensors" else torch.save)(state, file)
    return str(file)


def test_images_are_normalized_here_exactly():
    images = tiny_images()
    expected = (images.numpy() - np.array([0.5, 0.4, 0.3]).reshape(3, 1, 1)) / np.array([0.2, 0.25, 0.4]).reshape(
        3, 1, 1
    )
    np.testing.assert_allclose(tiny_model().normalize(images).numpy(), expected, atol=1e-6)


def test_grey_networks_see_the_mean_of_the_colours():
    model, images = tiny_model(channels=1), tiny_images()
    assert model.channels == 1
    torch.testing.assert_close(model.normalize(images), (images.mean(1, keepdim=True) - 0.5) / 0.25)
    assert activations(model, images, ["conv1"])["conv1"].shape == (2, 4, 12, 16)


@pytest.mark.parametrize(
    "name, side", [("efficientnet_lite0", 224), ("efficientnet_lite1", 240), ("efficientnet_lite2", 260)]
)
def test_packaged_networks(name, side):
    model = load_model(name, "cpu")
    assert (model.height, model.width, model.mean, model.std, model.channels) == (side, side, (0.5,) * 3, (0.5,) * 3, 3)
    assert len(model.labels) == 1000 and model.labels[130] == "flamingo" and model.source.startswith("package")
    assert not model.network.training and not any(p.requires_grad for p in model.network.parameters())
    assert not any(getattr(module, "inplace", False) for module in model.network.modules())


@pytest.mark.parametrize("name", ["efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"])
def test_weights_by_position_are_the_weights_of_the_network(name):
    """A wrong order would make noise: what real weights say to a chessboard is known."""
    model = load_model(name, "cpu")
    rows, columns = torch.meshgrid(torch.arange(224), torch.arange(224), indexing="ij")
    board = ((rows // 28 + columns // 28) % 2).float().expand(1, 3, -1, -1)
    best, second = model(board)[0].softmax(0).topk(2).values
    assert model.labels[model(board).argmax()] == "crossword puzzle" and best > 3 * second
    network = timm.create_model(f"tf_{name}").eval()
    network.load_state_dict(model.network.state_dict())
    torch.testing.assert_close(model(board), network(board * 2 - 1), atol=1e-3, rtol=1e-3)


def test_torchvisions_own_loader_reads_the_file_in_the_checkpoints_folder(checkpoints):
    network = torchvision.models.get_model(SMALL).eval()
    weights = torchvision.models.get_model_weights(SMALL).DEFAULT
    torch.save(network.state_dict(), checkpoints / weights.url.rpartition("/")[2])
    model = load_model(SMALL, "cpu")
    images = tiny_images(1, 80, 64)
    torch.testing.assert_close(
        model(images), network(normalize(images, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])), atol=1e-4, rtol=1e-4
    )
    assert (model.height, model.labels[0], model.source) == (
        224,
        "tench",
        "torchvision SqueezeNet1_1_Weights.IMAGENET1K_V1",
    )


def test_without_a_connection_the_missing_file_is_named(checkpoints):
    with pytest.raises(ActvizError, match=f"squeezenet1_1-b8a52dc0.pth.*{checkpoints}"):
        load_model(SMALL, "cpu")
    with pytest.raises(ActvizError, match="resnet18.a1_in1k.safetensors"):
        load_model("timm/resnet18.a1_in1k", "cpu")


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_timm_reads_a_file_placed_in_the_checkpoints_folder(checkpoints, suffix):
    network = timm.create_model("test_efficientnet.r160_in1k").eval()
    save = safetensors.torch.save_file if suffix == ".safetensors" else torch.save
    save(network.state_dict(), checkpoints / f"test_efficientnet.r160_in1k{suffix}")
    model = load_model("timm/test_efficientnet.r160_in1k", "cpu")
    images = tiny_images(1, 64, 96)
    torch.testing.assert_close(model(images), network(model.normalize(images)), atol=1e-4, rtol=1e-4)
    assert (model.height, len(model.labels)) == (160, 1000)


def test_a_growing_download_is_told(checkpoints, monkeypatch):
    told = threading.Event()

    def download(url, file, *call, **settings):
        with open(f"{file}.abc.partial", "wb") as part:
            part.truncate(2**20)
        assert told.wait(10)
        raise OSError("torn off")

    fractions = []
    monkeypatch.setattr(torch.hub, "download_url_to_file", download)
    with suppress(ActvizError):
        load_model(SMALL, "cpu", progress=lambda fraction: (fractions.append(fraction), told.set()))
    assert fractions[0] == pytest.approx(1 / torchvision.models.get_model_weights(SMALL).DEFAULT.meta["_file_size"])


class Evil:
    ran = False

    def __reduce__(self):
        return setattr, (Evil, "ran", True)


@pytest.mark.parametrize("payload", [Evil(), {"state_dict": Evil()}, {"features.0.weight": Evil()}])
def test_pickled_objects_are_refused_and_never_run(tmp_path, payload):
    with pytest.raises(ActvizError, match="refused"):
        load_model(SMALL, "cpu", saved(tmp_path, payload))
    (tmp_path / "plain.pt").write_bytes(pickle.dumps(payload, protocol=2))
    with pytest.raises(ActvizError, match="refused"):
        load_model(SMALL, "cpu", str(tmp_path / "plain.pt"))
    assert not Evil.ran


def test_pickled_objects_in_the_checkpoints_folder_are_refused_as_well(checkpoints):
    torch.save({"x": Evil()}, checkpoints / "squeezenet1_1-b8a52dc0.pth")
    with pytest.raises(ActvizError, match="refused"):
        load_model(SMALL, "cpu")
    assert not Evil.ran


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@pytest.mark.parametrize(
    "wrap", [lambda state: state, lambda state: {f"module.{key}": value for key, value in state.items()}]
)
def test_own_weights_with_ten_classes(tmp_path, suffix, wrap):
    network = torchvision.models.get_model("mobilenet_v3_small", num_classes=10).eval()
    model = load_model("mobilenet_v3_small", "cpu", saved(tmp_path, wrap(network.state_dict()), suffix))
    images = tiny_images(1, 64, 80)
    torch.testing.assert_close(model(images), network(model.normalize(images)), atol=1e-4, rtol=1e-4)
    assert model.labels == () and model.source == f"the file weights{suffix}"
    assert activations(model, images, [OUTPUT])[OUTPUT].shape == (1, 10, 1, 1)


@pytest.mark.parametrize("key", ["state_dict", "model"])
def test_wrapped_weights_keep_the_labels(tmp_path, key):
    state = torchvision.models.get_model(SMALL).state_dict()
    assert len(load_model(SMALL, "cpu", saved(tmp_path, {"epoch": 3, key: state})).labels) == 1000


@pytest.mark.parametrize(
    "state, text",
    [
        ({"features.0.bias": torch.zeros(64)}, "features.0.weight is missing.*; \\.\\.\\."),
        (torchvision.models.get_model(SMALL).state_dict() | {"surplus": torch.zeros(1)}, "surplus is not known"),
        (torchvision.models.get_model(SMALL).state_dict() | {"features.0.bias": torch.zeros(3)}, "features.0.bias.*3"),
        (
            torchvision.models.get_model(SMALL).state_dict() | {"features.0.bias": torch.zeros(64, dtype=torch.int64)},
            "features.0.bias' holds int64 numbers, where weights are floating-point",
        ),
        (
            torchvision.models.get_model(SMALL).state_dict()
            | {"features.0.bias": torch.zeros(64, dtype=torch.complex64)},
            "features.0.bias' holds complex64 numbers",
        ),
        ({"a": 1}, "plain state dict"),
    ],
)
def test_weights_that_do_not_fit_are_explained(tmp_path, state, text):
    with pytest.raises(ActvizError, match=text):
        load_model(SMALL, "cpu", saved(tmp_path, state))


def test_files_that_are_none(tmp_path):
    (tmp_path / "torn.safetensors").write_bytes(b"torn")
    for file, text in [
        ("torn.safetensors", "cannot be read"),
        ("absent.pth", "cannot be opened: No such file"),
        ("x.onnx", "unknown"),
    ]:
        with pytest.raises(ActvizError, match=text):
            load_model(SMALL, "cpu", str(tmp_path / file))


@pytest.mark.parametrize("name", [SMALL, "timm/resnet10t", "efficientnet_lite0"])
def test_untrained_is_always_the_same_and_leaves_the_global_generator_alone(name):
    first = load_model(name, "cpu", "untrained").network.state_dict()
    torch.rand(1)
    state = torch.get_rng_state()
    second = load_model(name, "cpu", "untrained").network.state_dict()
    assert all(torch.equal(first[key], second[key]) for key in first)
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_inception_normalizes_once_and_without_second_classifiers(name, checkpoints):
    weights = torchvision.models.get_model_weights(name).DEFAULT
    network = torchvision.models.get_model(name, aux_logits=True, init_weights=False, transform_input=True).eval()
    torch.save(network.state_dict(), checkpoints / weights.url.rpartition("/")[2])
    entrance = next(name for name, module in network.named_modules() if isinstance(module, nn.Conv2d))
    images, seen = tiny_images(1, 96, 112), []
    network.get_submodule(entrance).register_forward_hook(lambda module, inputs, output: seen.append(output))
    expected = network(normalize(images, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    for given in ("", str(checkpoints / weights.url.rpartition("/")[2])):
        captured = activations(load_model(name, "cpu", given), images, [entrance, OUTPUT])
        torch.testing.assert_close(captured[entrance], seen[0], atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(captured[OUTPUT].flatten(1), expected, atol=1e-4, rtol=1e-4)


def test_own_networks(own_networks, tmp_path):
    for target in ("mine:grey", "mine:whole", "mine:wrong"):
        register(target)
    assert [entry.name for entry in catalogue() if entry.family == "own"] == ["mine:grey", "mine:whole", "mine:wrong"]
    grey = load_model("mine:grey", "cpu")
    assert (grey.channels, grey.mean, grey.std, grey.height) == (1, (0.0,), (1.0,), 224)
    assert list_layers(grey, 12, 16)[-1].channels == 10
    whole = load_model("mine:whole", "cpu")
    assert (whole.height, whole.width, whole.labels[1], whole.name) == (12, 16, "bee", "mine:whole")
    torch.testing.assert_close(whole(tiny_images()), tiny_model()(tiny_images()))
    assert not torch.equal(
        load_model("mine:whole", "cpu", "untrained").network.conv1.weight, whole.network.conv1.weight
    )
    state = Tiny(1, 10).state_dict()
    assert torch.equal(load_model("mine:grey", "cpu", saved(tmp_path, state)).network.fc.weight, state["fc.weight"])
    with pytest.raises(ActvizError, match="returned int"):
        load_model("mine:wrong")


def test_nothing_is_imported_for_a_name_that_was_not_registered(own_networks):
    with pytest.raises(ActvizError, match="'antigravity:fly' is not registered"):
        load_model("antigravity:fly", "cpu")
    assert "antigravity" not in sys.modules
    for target in ("mine:absent", "no_such_package:f", "mine", ":f"):
        with pytest.raises(ActvizError, match="package.module:function"):
            register(target)


@pytest.mark.parametrize(
    "name, alike",
    [
        ("resnet81", "resnet18"),
        ("efficientnet_lite", "efficientnet_lite0"),
        ("timm/resnet18.none", "timm/resnet18.a1_in1k"),
        ("", ""),
    ],
)
def test_unknown_names_get_near_ones(name, alike):
    with pytest.raises(ActvizError, match=f"no model.*{alike}"):
        load_model(name, "cpu")


@pytest.mark.parametrize("name", ["timm/hf-hub:someone/resnet18", "timm/local-dir:x"])
def test_timm_loads_from_nowhere_else(name):
    with pytest.raises(ActvizError, match="not registered"):
        load_model(name, "cpu")


def test_the_catalogue_lists_every_family():
    entries = {entry.name: entry for entry in catalogue()}
    assert len(entries) == len(catalogue())
    assert [entry.name for entry in catalogue()][:3] == [
        "efficientnet_lite0",
        "efficientnet_lite1",
        "efficientnet_lite2",
    ]
    assert (entries["vgg16"].family, entries["vgg16"].downloads, entries["vgg16"].megabytes) == (
        "torchvision",
        True,
        pytest.approx(528, abs=1),
    )
    assert {entries["timm/resnet18.a1_in1k"].family, entries["efficientnet_lite0"].family} == {"timm", "packaged"}
    assert not any("quantized" in name or "fcn" in name for name in entries)


@pytest.mark.parametrize("name", [entry.name for entry in catalogue() if entry.family == "torchvision"])
def test_every_network_of_torchvision_is_described(name):
    blueprint = find(name)
    assert (
        len(blueprint.mean) == len(blueprint.std) == 3
        and len(blueprint.labels) == 1000
        and blueprint.height == blueprint.width >= 224
    )


def test_networks_of_another_number_of_classes_have_their_names():
    assert len(find("timm/vit_tiny_patch16_224.augreg_in21k").labels) == 21843
    assert find("timm/vit_tiny_patch16_224.augreg_in21k").fixed_size


def test_devices():
    assert choose_device("cpu") == torch.device("cpu") and choose_device("auto").type in ("cuda", "mps", "cpu")
    for name in ("gpu", "cuda:99", "meta", ""):
        with pytest.raises(ActvizError, match=f"device '{name}' is not available here; there are auto, .*cpu"):
            choose_device(name)


@pytest.fixture
def devices(monkeypatch):
    """Two CUDA devices and MPS are there; those in the set that it gives cannot be used."""
    broken = set()

    def probe(device):
        if str(device) in broken:
            raise RuntimeError(f"{device} is broken\nand says a lot about it")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(models, "probe", probe)
    return broken


def test_the_first_device_that_can_be_used_is_taken_and_why_not_another_is_told(devices, caplog):
    assert choose_device() == torch.device("cuda") and not caplog.messages
    devices.add("cuda")
    assert choose_device() == torch.device("mps")
    assert caplog.messages == ["the device cuda is there, but cannot be used: cuda is broken"]
    devices.add("mps")
    assert choose_device() == torch.device("cpu")
    assert caplog.messages[1:] == [
        f"the device {name} is there, but cannot be used: {name} is broken" for name in ("cuda", "mps")
    ]


def test_a_device_by_name_is_that_one_or_none(devices, caplog):
    assert choose_device("cuda:1") == torch.device("cuda", 1)
    devices.add("cuda:1")
    with pytest.raises(
        ActvizError,
        match=r"'cuda:1' is not available here; there are auto, cuda:0, cuda:1, cuda, mps, cpu\. It says: "
        r"cuda:1 is broken$",
    ):
        choose_device("cuda:1")
    assert not caplog.messages


def test_weights_in_16_bits_are_made_for_whoever_asks_on_every_device_but_the_cpu():
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU()).requires_grad_(False).to("meta")
    model = Model("small", network, (0.0,) * 3, (1.0,) * 3, 8, 8, device=torch.device("meta"))
    assert not model.faster_in_16_bits
    _ = model.twin
    network[0].register_forward_hook(lambda *_: None)  # another thread's, that looks at the network meanwhile
    assert model.reduced[0].weight.dtype == torch.bfloat16 and not model.reduced[0]._forward_hooks
    assert network[0].weight.dtype == torch.float32 and model.reduced is model.reduced
    on_a_cpu = tiny_model()
    assert on_a_cpu.reduced is on_a_cpu.folded.network


@pytest.mark.parametrize("given", ["resnet18", nn.Conv2d, None])
def test_what_is_no_network_is_refused_in_a_sentence(given):
    with pytest.raises(ActvizError, match="it must be a torch.nn.Module, made and not only named"):
        Model.of(given)


def test_normalizing_in_inference_mode_does_not_spoil_later_gradients():
    model = tiny_model()
    with torch.inference_mode():
        model(tiny_images())
    images = tiny_images().requires_grad_()
    model(images).sum().backward()
    assert images.grad.abs().sum() > 0


def test_near():
    assert near("conv3", ["conv1", "pool", "conv2"]) == " (did you mean conv2, conv1?)"
    assert near("xyz", ["conv1"]) == ""


def test_models_are_values_of_their_own():
    assert (
        tiny_model() != tiny_model() and isinstance(tiny_model(), Model) and isinstance(tiny_model().network, nn.Module)
    )
