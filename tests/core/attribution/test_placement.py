"""Where cells lie: known answers for known convolutions, and maps drawn there."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models.vision_transformer import VisionTransformer

from actviz_core import AttributeLayers, ClassLogit, Model, attribute, list_layers, load_model
from actviz_core.attribution import GradCam, Maps, Saliency
from actviz_core.attribution.attribute import tensor_of
from actviz_core.attribution.placement import resized
from actviz_core.models.centres import PLACED, centres_of
from tests.core.tiny import tiny_images, tiny_model


class Net(nn.Module):
    """Layers, then the mean and five logits."""

    def __init__(self, *layers, channels=6):
        super().__init__()
        self.features = nn.Sequential(*layers)
        self.fc = nn.Linear(channels, 5)

    def forward(self, x):
        return self.fc(self.features(x).mean((2, 3)))


class Same(nn.Conv2d):
    """Pads as TensorFlow does: what is left over goes to the right and below."""

    def forward(self, x):
        lengths = x.shape[2:]
        total = [max(0, (-(-n // self.stride[0]) - 1) * self.stride[0] + self.kernel_size[0] - n) for n in lengths]
        rows, columns = total
        return super().forward(F.pad(x, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2)))


def conv(before, *how, cls=nn.Conv2d, **more):
    return cls(before, 6, *how, **more)


def model_of(*layers, size=(48, 64), **more):
    torch.manual_seed(0)
    return Model.of(Net(*layers), size=size, name="net", **more)


def assert_lie(model, grid, rows, columns, size=(48, 64)):
    found = centres_of(model, *size, grid)
    assert found is not None
    assert np.allclose(found[0], rows) and np.allclose(found[1], columns), found


def test_strides_that_pad_both_sides_alike_begin_at_the_first_pixel():
    model = model_of(conv(3, 3, 2, 1), nn.ReLU(), conv(6, 3, 2, 1), nn.ReLU(), conv(6, 3, 2, 1))
    assert_lie(model, (6, 8), 8 * np.arange(6), 8 * np.arange(8))


def test_strides_that_pad_as_tensorflow_does_end_at_the_last_pixel():
    layers = (conv(3, 3, 2, cls=Same), nn.ReLU6(), conv(6, 5, 2, cls=Same), nn.ReLU6(), conv(6, 3, 2, cls=Same))
    assert_lie(model_of(*layers), (6, 8), 8 * np.arange(6) + 7, 8 * np.arange(8) + 7)
    # 12 rows are padded at the end only, 13 columns at both ends: the next size up lies elsewhere.
    assert_lie(model_of(*layers, size=(48, 52)), (6, 7), 8 * np.arange(6) + 7, 8 * np.arange(7) + 3, (48, 52))


def test_without_padding_the_first_cell_lies_inside():
    model = model_of(conv(3, 5), nn.ReLU(), conv(6, 4, 2), nn.ReLU())
    assert_lie(model, (44, 60), np.arange(44) + 2, np.arange(60) + 2)
    assert_lie(model, (21, 29), 2 * np.arange(21) + 3.5, 2 * np.arange(29) + 3.5)


def test_pooling_lies_between_what_it_pools():
    model = model_of(conv(3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), conv(6, 3, padding=1), nn.AvgPool2d(3))
    assert_lie(model, (24, 32), 2 * np.arange(24) + 0.5, 2 * np.arange(32) + 0.5)
    assert_lie(model, (8, 10), 6 * np.arange(8) + 2.5, 6 * np.arange(10) + 2.5)


def test_rows_and_columns_have_strides_of_their_own():
    model = model_of(conv(3, (3, 5), (2, 4), (1, 2)))
    assert_lie(model, (24, 16), 2 * np.arange(24), 4 * np.arange(16))


def test_a_network_that_enlarges_its_maps():
    model = model_of(conv(3, 2, 2), nn.ReLU(), nn.Upsample(scale_factor=4, mode="nearest"))
    assert_lie(model, (96, 128), np.arange(96) / 2 - 0.25, np.arange(128) / 2 - 0.25)


def test_maps_of_a_few_cells_and_of_one():
    model = model_of(conv(3, 8, 8), conv(6, 3, 2, 1), nn.AdaptiveAvgPool2d(1))
    assert_lie(model, (6, 8), 8 * np.arange(6) + 3.5, 8 * np.arange(8) + 3.5)
    assert_lie(model, (3, 4), 16 * np.arange(3) + 3.5, 16 * np.arange(4) + 3.5)
    assert_lie(model, (1, 1), [16 + 3.5], [24 + 3.5])


def test_a_gate_for_all_places_moves_none():
    class Gated(nn.Module):
        def __init__(self):
            super().__init__()
            self.squeeze = nn.Conv2d(6, 6, 1)

        def forward(self, x):
            return x * self.squeeze(x.mean((2, 3), keepdim=True)).sigmoid()

    model = model_of(conv(3, 3, 2, 1), Gated(), nn.ReLU(), conv(6, 3, 2, 1), Gated())
    assert_lie(model, (12, 16), 4 * np.arange(12), 4 * np.arange(16))


def test_a_network_of_one_size_sees_other_images_resampled():
    model = model_of(conv(3, 4, 4), size=(24, 32), fixed_size=True)
    assert_lie(model, (6, 8), 8 * np.arange(6) + 3.5, 8 * np.arange(8) + 3.5, (48, 64))


def test_nothing_has_such_a_grid():
    assert centres_of(tiny_model(), 12, 16, (5, 5)) is None


def test_they_are_measured_once_for_a_size_and_leave_no_gradient():
    model = tiny_model()
    first = centres_of(model, 12, 16, (6, 8))
    assert centres_of(model, 12, 16, (6, 8)) is first and set(PLACED[model]) == {(12, 16)}
    assert all(parameter.grad is None for parameter in model.network.parameters())
    assert not any(module._forward_hooks for module in model.network.modules())


@pytest.mark.parametrize(
    "name, size, offset",
    [("efficientnet_lite0", (224, 160), 31), ("resnet18", (224, 160), 0), ("vgg11", (64, 96), 15.5)],
)
def test_networks_whose_paddings_are_known(name, size, offset):
    model = load_model(name, weights="untrained")
    grid = size[0] // 32, size[1] // 32
    assert any((layer.height, layer.width) == grid for layer in list_layers(model, *size))
    assert_lie(model, grid, 32 * np.arange(grid[0]) + offset, 32 * np.arange(grid[1]) + offset, size)


def test_maps_of_a_layer_know_their_centres_and_maps_of_pixels_need_none():
    model, images = tiny_model(), tiny_images(2)
    maps = attribute(model, images, ClassLogit(2), GradCam("pool"))
    assert maps.centres is not None
    assert maps.centres == (tuple(2 * np.arange(6) + 0.5), tuple(2 * np.arange(8) + 0.5))
    assert attribute(model, images, ClassLogit(2), Saliency()).centres is None
    pictures = (images.permute(0, 2, 3, 1).numpy() * 255).round().astype(np.uint8)
    task = AttributeLayers(("tiny", ""), pictures, ClassLogit(2), GradCam(), ("pool",))
    assert task.carry_out(lambda name, weights: model)[0].centres == maps.centres
    assert tensor_of(pictures).shape == images.shape


def test_tokens_lie_where_their_patches_do():
    torch.manual_seed(0)
    network = VisionTransformer(32, 8, num_layers=2, num_heads=2, hidden_dim=16, mlp_dim=32, num_classes=5)
    model = Model.of(network, size=32, name="vit", fixed_size=True)
    layer = next(layer.name for layer in list_layers(model) if layer.tokens and layer.height == 17)
    maps = attribute(model, torch.rand(1, 3, 32, 32), ClassLogit(2), GradCam(layer))
    assert maps.values.shape == (1, 4, 4) and maps.centres == ((3.5, 11.5, 19.5, 27.5),) * 2


def maps_with(values, centres, size=(6, 8)):
    return Maps(np.asarray(values, np.float32), (1.0,) * len(values), *size, "conv", centres=centres)


def test_a_cell_is_drawn_at_its_centre():
    values = [[[1, 0, 0], [0, 0, 5]], [[0, 0, 0], [2, 0, 0]]]
    drawn = resized(maps_with(values, ((1.0, 5.0), (0.0, 3.0, 6.0))))
    assert drawn.shape == (2, 6, 8) and drawn.dtype == np.float32
    assert np.unravel_index(drawn[0].argmax(), (6, 8)) == (5, 6) and drawn[0, 5, 6] == 5
    assert drawn[0, :, 0].tolist() == [1, 1, 0.75, 0.5, 0.25, 0]  # straight between two cells, kept beyond the first
    assert drawn[0, 5].tolist() == pytest.approx([0, 0, 0, 0, 5 / 3, 10 / 3, 5, 5])
    assert drawn[1, 5, 0] == 2 and drawn[1, 1].max() == 0


def test_plain_resizing_is_torchs():
    values = np.random.default_rng(0).normal(size=(2, 3, 5)).astype(np.float32)
    maps = maps_with(values, ((0.0, 3.0, 5.0), (0.0, 2.0, 4.0, 6.0, 7.0)), (14, 33))
    expected = F.interpolate(torch.from_numpy(values)[:, None], (14, 33), mode="bilinear")[:, 0].numpy()
    assert np.allclose(resized(maps, plain=True), expected, atol=1e-5)
    assert not np.allclose(resized(maps), expected, atol=1e-2)


def test_two_maps_are_drawn_as_each_alone_and_pixels_as_they_are():
    values = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)
    centres = ((0.0, 2.0, 4.0), (1.0, 3.0, 5.0, 7.0))
    both = resized(maps_with(values, centres))
    assert np.array_equal(both, np.concatenate([resized(maps_with(values[i : i + 1], centres)) for i in range(2)]))
    pixels = Maps(np.ones((1, 6, 8), np.float32), (1.0,), 6, 8)
    assert resized(pixels) is pixels.values


def test_one_cell_fills_the_image():
    assert (resized(maps_with([[[3]]], ((2.5,), (3.5,)))) == 3).all()
