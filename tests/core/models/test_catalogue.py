import pytest
import torch

from actviz_core.errors import ActvizError, near
from actviz_core.models.catalogue import catalogue
from actviz_core.models.model import load_model


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


def test_without_a_connection_the_missing_file_is_named(checkpoints):
    with pytest.raises(ActvizError, match=f"squeezenet1_1-b8a52dc0.pth.*{checkpoints}"):
        load_model("squeezenet1_1", "cpu")
    with pytest.raises(ActvizError, match="resnet18.a1_in1k.safetensors"):
        load_model("timm/resnet18.a1_in1k", "cpu")


@pytest.mark.parametrize("name", ["squeezenet1_1", "timm/resnet10t", "efficientnet_lite0"])
def test_untrained_is_always_the_same_and_leaves_the_global_generator_alone(name):
    first = load_model(name, "cpu", "untrained").network.state_dict()
    torch.rand(1)
    state = torch.get_rng_state()
    second = load_model(name, "cpu", "untrained").network.state_dict()
    assert all(torch.equal(first[key], second[key]) for key in first)
    assert torch.equal(state, torch.get_rng_state())


def test_near():
    assert near("conv3", ["conv1", "pool", "conv2"]) == " (did you mean conv2, conv1?)"
    assert near("xyz", ["conv1"]) == ""
