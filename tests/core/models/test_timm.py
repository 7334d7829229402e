import pytest
import safetensors.torch
import timm
import torch

from actviz_core.errors import ActvizError
from actviz_core.models.catalogue import find
from actviz_core.models.model import load_model
from tests.core.tiny import tiny_images


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_timm_reads_a_file_placed_in_the_checkpoints_folder(checkpoints, suffix):
    network = timm.create_model("test_efficientnet.r160_in1k").eval()
    save = safetensors.torch.save_file if suffix == ".safetensors" else torch.save
    save(network.state_dict(), checkpoints / f"test_efficientnet.r160_in1k{suffix}")
    model = load_model("timm/test_efficientnet.r160_in1k", "cpu")
    images = tiny_images(1, 64, 96)
    torch.testing.assert_close(model(images), network(model.normalize(images)), atol=1e-4, rtol=1e-4)
    assert (model.height, len(model.labels)) == (160, 1000)


@pytest.mark.parametrize("name", ["timm/hf-hub:someone/resnet18", "timm/local-dir:x"])
def test_timm_loads_from_nowhere_else(name):
    with pytest.raises(ActvizError, match="not registered"):
        load_model(name, "cpu")


def test_networks_of_another_number_of_classes_have_their_names():
    assert len(find("timm/vit_tiny_patch16_224.augreg_in21k").labels) == 21843
    assert find("timm/vit_tiny_patch16_224.augreg_in21k").fixed_size
