"""Fields of cells: by formula in theory, exact in effect where the gradient is known."""

from math import inf

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from actviz_core import ActvizError, Model, load_model, receptive_field
from actviz_core.models.receptive_field import extent, theoretical_fields
from tests.core.tiny import tiny_model


class Net(nn.Module):
    """Layers, then the mean and five logits."""

    def __init__(self, *layers, channels=6):
        super().__init__()
        self.features = nn.Sequential(*layers)
        self.fc = nn.Linear(channels, 5)

    def forward(self, x):
        return self.fc(self.features(x).mean((2, 3)))


def model_of(*layers, size=(96, 128), **more):
    torch.manual_seed(0)
    return Model.of(Net(*layers), size=size, name="net", **more)


def theoretical(model, layer):
    return receptive_field(model, layer).theoretical


def test_windows_and_strides_add_up_as_the_formula_says():
    layers = (
        nn.Conv2d(3, 6, (3, 5), (2, 1), padding=(1, 2)),  # 3 x 5, step 2 x 1
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, 2, 1),  # 3 + 2 * 2 x 5 + 2, step 4 x 2
        nn.Conv2d(6, 6, 3, dilation=2),  # 7 + 4 * 4 x 7 + 4 * 2
        nn.AvgPool2d(2),  # 23 + 4 x 15 + 2, step 8 x 4
        nn.ConvTranspose2d(6, 6, 4, 2, 1),  # two cells each, 27 + 8 x 17 + 4
    )
    model = model_of(*layers)
    found = [theoretical(model, f"features.{place}") for place in (0, 2, 3, 4, 5)]
    assert found == [(3, 5), (7, 7), (23, 15), (27, 17), (35, 21)]
    assert theoretical(model, "fc") == (inf, inf)
    assert receptive_field(model, "fc").box(0, 0) == (0, 0, 96, 128), "the picture, and no part of it"
    field = receptive_field(model, "features.2")
    assert field.box(3, 5, effective=False) == (4 * 3 - 3, 2 * 5 - 3, 7, 7)
    assert field.box(0, 0, effective=False) == (-3, -3, 7, 7), "beyond the picture"
    assert not any(module._forward_hooks for module in model.network.modules())


def seen_in_images(layers: nn.Sequential) -> int:
    """The widest part of a row of pixels that has a say in one of 30 middle cells; 0 where the border cuts it."""
    cells = layers(torch.zeros(1, 3, 1, 128)).shape[3]
    first = max(0, cells // 2 - 15)
    images = torch.ones(min(cells, 30), 3, 1, 128, requires_grad=True)
    layers(images)[:, :, 0].sum(1)[:, first : first + len(images)].trace().backward()
    seen = [gradient.nonzero() for gradient in images.grad.sum((1, 2))]
    within = [pixels for pixels in seen if len(pixels) and pixels[0] > 0 and pixels[-1] < 127]
    return max((int(pixels[-1] - pixels[0] + 1) for pixels in within), default=0)


def shrinking(kernel, stride, dilation):
    return nn.Conv2d(3, 3, (1, kernel), (1, stride), (0, 1), (1, dilation))


def enlarging(kernel, stride, padding):
    return nn.ConvTranspose2d(3, 3, (1, kernel), (1, stride), (0, min(padding, kernel - 1)))


few = st.integers(1, 3)
pools = st.sampled_from([nn.AvgPool2d((1, 2)), nn.LPPool2d(2, (1, 3), (1, 2))])
shrunk = st.one_of(st.builds(shrinking, st.integers(1, 4), few, few), pools)
nearest = few.map(lambda by: nn.Upsample(scale_factor=(1, by)))
enlarged = st.one_of(st.builds(enlarging, st.integers(1, 4), few, few), nearest)
smooth = few.map(lambda by: nn.Upsample(scale_factor=(1, by), mode="bilinear"))
binned = st.integers(2, 40).map(lambda cells: nn.AdaptiveAvgPool2d((None, cells)))
still = st.builds(shrinking, st.integers(1, 4), st.just(1), few)


@given(
    st.lists(shrunk, max_size=2),
    st.lists(enlarged | still, max_size=3),
    st.lists(shrunk | enlarged | smooth | binned, max_size=2),
)
@settings(max_examples=40, deadline=None)
def test_theory_is_where_gradients_end_after_whatever_enlarges(first, then, last):
    layers = nn.Sequential(*first, *then, *last)
    for weight in layers.parameters():
        nn.init.uniform_(weight, 0.5, 1)
    model = Model.of(Net(*layers, nn.Identity(), channels=3), size=(8, 128), name="net")
    told = theoretical_fields(model, 8, 128)[f"features.{len(layers)}"][1]
    seen = seen_in_images(layers)
    assert seen <= told
    if seen and not last:
        assert seen == told, "exact where nothing shrinks after what enlarges"


def seen_by_cells(layers: nn.Sequential, size: tuple[int, int]) -> tuple[int, int]:
    """Height and width of the largest part of an image that has a say in a cell, by the gradients of all cells."""
    image = torch.rand(1, 3, *size, requires_grad=True)
    cells = layers(image).sum(1).flatten()
    fields = [torch.autograd.grad(cell, image, retain_graph=True)[0].sum((0, 1)).nonzero() for cell in cells]
    extents = torch.stack([field.amax(0) - field.amin(0) + 1 for field in fields]).amax(0)
    return int(extents[0]), int(extents[1])


@pytest.mark.parametrize(
    ("layers", "size"),
    [
        ((nn.LPPool2d(2, 3, 2), nn.Conv2d(4, 4, 3)), (23, 19)),
        ((nn.PixelUnshuffle(2), nn.Conv2d(16, 4, 3)), (16, 12)),
        ((nn.Conv2d(4, 16, 3, 2, 1), nn.PixelShuffle(2), nn.Conv2d(4, 4, 3)), (16, 12)),
        ((nn.AdaptiveAvgPool2d(4), nn.Conv2d(4, 4, 2)), (23, 19)),
        ((nn.AdaptiveAvgPool2d(5), nn.Conv2d(4, 4, 2)), (24, 20)),
        ((nn.Upsample((6, 8), mode="area"), nn.Conv2d(4, 4, 2)), (23, 19)),
    ],
)
def test_windows_of_pools_shuffles_and_bins_are_those_that_gradients_show(layers, size):
    net = nn.Sequential(nn.Conv2d(3, 4, 3, 1, 1), *layers)
    for weight in net.parameters():
        nn.init.uniform_(weight, 0.5, 1)
    model = Model.of(Net(*net, channels=4), size=size, name="net")
    assert theoretical_fields(model, *size)[f"features.{len(layers)}"] == seen_by_cells(net, size)


def test_the_largest_of_bins_counts_as_their_mean():
    fields = [
        theoretical_fields(model_of(nn.Conv2d(3, 6, 3, 2, 1), pool(4), nn.Conv2d(6, 6, 2), size=(45, 37)), 45, 37)
        for pool in (nn.AdaptiveMaxPool2d, nn.AdaptiveAvgPool2d)
    ]
    assert fields[0]["features.2"] == fields[1]["features.2"] == (27, 23)


def test_functions_count_as_modules_do_and_sums_take_the_larger_field():
    class Branched(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.other = nn.Conv2d(3, 3, 5, padding=2), nn.Conv2d(3, 3, 1)

        def forward(self, x):
            y = self.other(x)
            y += F.max_pool2d(F.relu(self.one(x)), 3, 1, padding=1)
            return torch.cat([F.avg_pool2d(y, 2), F.conv2d(y, torch.ones(3, 3, 2, 2), stride=2)], 1)

    model = model_of(Branched(), nn.Conv2d(6, 6, 3))
    assert theoretical(model, "features.0.other") == (1, 1)
    assert theoretical(model, "features.0") == (8, 8) and theoretical(model, "features.1") == (12, 12)


def test_a_gate_by_the_mean_sees_everything():
    class Gated(nn.Module):
        def forward(self, x):
            return x * x.mean((2, 3), keepdim=True).sigmoid()

    model = model_of(nn.Conv2d(3, 6, 3), Gated())
    assert theoretical(model, "features.0") == (3, 3) and theoretical(model, "features.1") == (inf, inf)
    assert receptive_field(model, "features.1").box(2, 3, effective=False) == (0, 0, 96, 128)


def test_published_fields():
    """Araujo et al. 2019: 435 pixels of ResNet-18."""
    model = load_model("resnet18", weights="untrained")
    assert theoretical(model, "layer1") == (43, 43) and theoretical(model, "layer4") == (435, 435)


def test_theory_is_where_the_gradient_ends():
    model = model_of(nn.Conv2d(3, 6, 3, 2, 1), nn.Tanh(), nn.Conv2d(6, 6, (5, 3), 2, (2, 1)))
    image = torch.rand(1, 3, 96, 128, requires_grad=True)
    model.network.features(model.normalize(image))[0, :, 12, 16].sum().backward()
    rows, columns = image.grad.abs().sum((0, 1)).nonzero().T
    top, left, height, width = receptive_field(model, "features.2").box(12, 16, effective=False)
    assert (top, left) == (rows.min(), columns.min())
    assert (height, width) == (rows.max() - rows.min() + 1, columns.max() - columns.min() + 1) == (11, 7)


def test_the_effective_field_holds_the_energy():
    assert extent(np.array([0, 0, 1.0, 0, 0]), 2) == 1 and extent(np.array([0.1, 0.1, 1, 1, 0.1, 0.1]), 2.5) == 6
    assert extent(np.array([0.01, 0, 1, 0, 0.01]), 2) == 1 and extent(np.zeros(4), 1) == inf
    # A window of ones: the energy is even, and only all of it is enough.
    model = model_of(nn.Conv2d(3, 6, 9, padding=4), nn.Conv2d(6, 6, 1))
    torch.nn.init.constant_(model.network.features[0].weight, 0.1)
    assert receptive_field(model, "features.1").effective == (9, 9)
    # One whose weight lies in the middle.
    with torch.no_grad():
        weight = model.network.features[0].weight
        weight *= 0.01
        weight[..., 4, 3:6] = 1
    narrow = model_of(nn.Conv2d(3, 6, 9, padding=4), nn.Conv2d(6, 6, 1))
    narrow.network.load_state_dict(model.network.state_dict())
    assert receptive_field(narrow, "features.1").effective == (1, 3)


def test_in_effect_less_than_in_theory_and_an_unknown_layer_is_a_sentence():
    model = tiny_model()
    field = receptive_field(model, "pool")
    assert field.theoretical == (6, 6) and all(0 < size <= 6 for size in field.effective)
    assert receptive_field(model, "pool") is field
    assert field.box(1, 1, effective=False) == (0, 0, 6, 6)
    with pytest.raises(ActvizError, match="no layer"):
        receptive_field(model, "pol")


def test_a_network_of_one_size_sees_other_images_resampled():
    model = model_of(nn.Conv2d(3, 6, 4, 4), size=(24, 32), fixed_size=True)
    field = receptive_field(model, "features.0", 48, 64)
    assert field.theoretical == (8, 8) and field.box(1, 2, effective=False) == (8, 16, 8, 8)
