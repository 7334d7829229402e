import threading
from contextlib import suppress

import pytest
import torch
import torchvision
from torch import nn
from torchvision.transforms.functional import normalize

from actviz_core.errors import ActvizError
from actviz_core.models.activations import activations
from actviz_core.models.catalogue import find
from actviz_core.models.layer import OUTPUT
from actviz_core.models.model import load_model
from actviz_core.models.torchvision import names
from tests.core.tiny import tiny_images

SMALL = "squeezenet1_1"


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


@pytest.mark.parametrize("name", names())
def test_every_network_of_torchvision_is_described(name):
    blueprint = find(name)
    assert (
        len(blueprint.mean) == len(blueprint.std) == 3
        and len(blueprint.labels) == 1000
        and blueprint.height == blueprint.width >= 224
    )
