import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from actviz_core import ClassLogit, Spec, list_layers, optimize
from actviz_core.errors import ActvizError
from actviz_core.models.activations import activations
from actviz_core.models.model import Model
from tests.core.tiny import tiny_images, tiny_model


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


def test_models_are_values_of_their_own():
    assert (
        tiny_model() != tiny_model() and isinstance(tiny_model(), Model) and isinstance(tiny_model().network, nn.Module)
    )


class Flattening(nn.Module):
    """As the first network of many tutorials: what the convolutions answer is flattened by `view`."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.fc = nn.Conv2d(3, 6, 5), nn.Conv2d(6, 16, 3), nn.Linear(16 * 3 * 5, 4)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        return self.fc(F.max_pool2d(F.relu(self.conv2(x)), 2).view(x.size(0), -1))


def test_a_network_that_flattens_by_view_is_taken():
    network = Flattening().eval()
    model = Model.of(network, (20, 28), device="cpu")
    images = tiny_images(2, 20, 28)
    torch.testing.assert_close(model(images), network(images))
    assert [layer.name for layer in list_layers(model)] == ["conv1", "conv2", "fc", "output"]
    spec = Spec("flattening", ClassLogit(3), height=20, width=28, iterations=3, count=2)
    assert len(list(optimize(model, spec))) == 3
