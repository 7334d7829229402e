import pytest
import torch

from actviz_core import ActvizError, Model, list_layers
from actviz_core.models.activations import activations
from actviz_core.models.maxima import maxima
from tests.core.tiny import Answering, tiny_images, tiny_model


@pytest.mark.parametrize(
    "model",
    [
        tiny_model(),
        Model.of(Answering(lambda logits, means, maps: {"logits": logits, "maps": (maps, means)}), (12, 16)),
    ],
    ids=["tiny", "several outputs"],
)
def test_they_are_the_largest_numbers_of_every_map(model):
    names = [layer.name for layer in list_layers(model)]
    found, alone = maxima(model, tiny_images(), names), [maxima(model, image[None], names) for image in tiny_images()]
    for name, maps in activations(model, tiny_images(), names).items():
        values, places = found[name]
        assert torch.equal(values, maps.amax((2, 3))) and places.shape == maps.shape[:2]
        assert torch.equal(maps.flatten(2).gather(2, places[:, :, None])[:, :, 0], values)
        assert torch.allclose(torch.cat([each[name][0] for each in alone]), values, atol=1e-5)


def test_of_equal_numbers_the_first_counts():
    model = tiny_model()
    model.network.conv1.weight.zero_()
    values, places = maxima(model, tiny_images(), ["conv1"])["conv1"]
    assert torch.equal(values[0], model.network.conv1.bias) and not places.any()


def test_no_hook_remains(model):
    with pytest.raises(ActvizError, match="tiny has no layer 'conv9'"):
        maxima(model, tiny_images(), ["conv9"])
    model.network.conv2.bias.fill_(torch.inf)
    with pytest.raises(ActvizError, match="'conv2' of tiny answers an image with numbers that are not finite"):
        maxima(model, tiny_images(), ["conv2"])
    assert not any(module._forward_hooks for module in model.network.modules())
