import pickle
from pathlib import Path

import pytest
import torch
import torchvision

from actviz_core.errors import ActvizError
from actviz_core.models.activations import activations
from actviz_core.models.layer import OUTPUT
from actviz_core.models.model import load_model
from tests.core.tiny import tiny_images

SMALL = "squeezenet1_1"


class Evil:
    ran = False

    def __reduce__(self):
        return setattr, (Evil, "ran", True)


@pytest.mark.parametrize("payload", [Evil(), {"state_dict": Evil()}, {"features.0.weight": Evil()}])
def test_pickled_objects_are_refused_and_never_run(save_weights, tmp_path, payload):
    with pytest.raises(ActvizError, match="refused"):
        load_model(SMALL, "cpu", save_weights(payload))
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
def test_own_weights_with_ten_classes(save_weights, suffix, wrap):
    network = torchvision.models.get_model("mobilenet_v3_small", num_classes=10).eval()
    model = load_model("mobilenet_v3_small", "cpu", save_weights(wrap(network.state_dict()), suffix))
    images = tiny_images(1, 64, 80)
    torch.testing.assert_close(model(images), network(model.normalize(images)), atol=1e-4, rtol=1e-4)
    assert model.labels == () and model.source == f"the file weights{suffix}"
    assert activations(model, images, [OUTPUT])[OUTPUT].shape == (1, 10, 1, 1)


@pytest.mark.parametrize("key", ["state_dict", "model"])
def test_wrapped_weights_keep_the_labels(save_weights, key):
    state = torchvision.models.get_model(SMALL).state_dict()
    assert len(load_model(SMALL, "cpu", save_weights({"epoch": 3, key: state})).labels) == 1000


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
def test_weights_that_do_not_fit_are_explained(save_weights, state, text):
    with pytest.raises(ActvizError, match=text):
        load_model(SMALL, "cpu", save_weights(state))


def test_files_that_are_none(tmp_path):
    (tmp_path / "torn.safetensors").write_bytes(b"torn")
    for file, text in [
        ("torn.safetensors", "cannot be read"),
        ("absent.pth", "cannot be opened: No such file"),
        ("x.onnx", "unknown"),
    ]:
        with pytest.raises(ActvizError, match=text):
            load_model(SMALL, "cpu", str(tmp_path / file))


@pytest.mark.parametrize("keys", [["model"], ["state_dict", "model"]])
def test_a_file_that_holds_itself_is_refused(save_weights, keys):
    outer = {"epoch": 3}
    inner = outer
    for key in keys[1:]:
        inner[key] = {}
        inner = inner[key]
    inner[keys[0]] = outer
    with pytest.raises(ActvizError, match="plain state dict"):
        load_model(SMALL, "cpu", save_weights(outer))


@pytest.mark.parametrize("left", [0, 0.5, 0.999, -1])
def test_a_file_that_is_cut_short_is_damaged_and_was_opened(save_weights, left, tmp_path):
    data = Path(save_weights(torchvision.models.get_model(SMALL).state_dict())).read_bytes()
    cut = tmp_path / "cut.pth"
    cut.write_bytes(data[: int(len(data) * left) if left >= 0 else left])
    with pytest.raises(ActvizError, match=r"damaged or not a state dict( \(.+\))?\.$"):
        load_model(SMALL, "cpu", str(cut))
