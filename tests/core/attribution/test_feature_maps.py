"""What a layer's channels answer to a picture, against the tiny network by hand."""

import numpy as np
import pytest
import torch
from torchvision.models.vision_transformer import VisionTransformer

from actviz_core import ActvizError, LayerMaps, Model, list_layers
from actviz_core.attribution import feature_maps
from actviz_core.attribution.feature_maps import reduced, reduction
from actviz_core.attribution.prediction import predict
from actviz_core.models.activations import activations
from tests.core.tiny import reference, tiny_images, tiny_model

PICTURE = (tiny_images(1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)


@pytest.mark.parametrize("layer", ["conv1", "relu@2", "pool", "output"])
def test_values_are_the_activations_to_within_half_a_step(layer):
    model = tiny_model()
    whole = reference(model, torch.from_numpy(PICTURE / 255).permute(2, 0, 1)[None].float())[layer][0].numpy()
    found = LayerMaps(("tiny", ""), PICTURE, layer).carry_out(lambda *_: model)
    assert found.values.shape == whole.shape and found.values.dtype == np.int8 and found.reduced == 1
    assert np.allclose(found.tops, np.abs(whole).max((1, 2)), atol=1e-6)
    assert np.allclose(found.peaks, whole.max((1, 2)), atol=1e-6)
    error = np.abs(found.values / np.float32(127) * found.tops[:, None, None] - whole)
    assert (error.max((1, 2)) <= found.tops / 254 + 1e-6).all()
    assert np.array_equal(found.prediction.probabilities, predict(model, PICTURE).probabilities)


def test_a_dead_channel_is_zero_and_no_numbers_are_refused():
    model = tiny_model()
    model.network.conv1.weight[1], model.network.conv1.bias[1] = 0, 0
    found = feature_maps(model, PICTURE, "conv1")
    assert found.tops[1] == found.peaks[1] == 0 and not found.values[1].any()
    model.network.conv1.bias[2] = float("nan")
    with pytest.raises(ActvizError, match="too large or none at all"):
        feature_maps(model, PICTURE, "conv1")


def test_a_large_layer_is_reduced_by_what_is_farthest_from_zero(monkeypatch):
    maps = torch.tensor([[[1.0, -3.0, 2.0], [0.5, 2.0, -1.0], [4.0, -5.0, 0.0]]])
    assert reduced(maps, 2).tolist() == [[[-3.0, 2.0], [-5.0, 0.0]]]
    assert reduction(16, 112, 112) == 1 and reduction(96, 112, 112) == 3 and reduction(2**20, 1, 1) == 1
    assert 96 * 38 * 38 <= 2**18 < 96 * 56 * 56

    monkeypatch.setitem(reduction.__globals__, "LARGEST", 4 * 6 * 8)
    found = feature_maps(tiny_model(), PICTURE, "conv1")
    assert found.reduced == 2 and found.values.shape == (4, 6, 8)


def test_tokens_are_the_patches_of_the_image():
    network = VisionTransformer(32, 8, num_layers=2, num_heads=2, hidden_dim=16, mlp_dim=32, num_classes=5)
    model, picture = Model.of(network, size=32, name="vit", fixed_size=True), np.arange(32 * 32 * 3) % 251
    name = next(layer.name for layer in list_layers(model) if layer.tokens and layer.block)
    picture = picture.reshape(32, 32, 3).astype(np.uint8)
    whole = activations(model, torch.from_numpy(picture / 255).permute(2, 0, 1)[None].float(), [name])[name]
    found = feature_maps(model, picture, name)
    assert whole.shape[2:] == (17, 1) and found.values.shape == (16, 4, 4), "patches of 8 x 8, no class token"
    patches = whole[0, :, 1:, 0].unflatten(1, (4, 4)).detach().numpy()
    assert np.allclose(found.values / np.float32(127) * found.tops[:, None, None], patches, atol=found.tops.max() / 250)


def test_a_layer_that_is_not_there_is_refused():
    with pytest.raises(ActvizError, match="no layer 'conv9'"):
        feature_maps(tiny_model(), PICTURE, "conv9")
