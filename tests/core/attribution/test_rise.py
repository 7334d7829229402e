"""RISE against the averages of its masks, and when it ends."""

import numpy as np
import pytest
import torch

from actviz_core import Channel, ClassLogit, attribute
from actviz_core.attribution import Rise
from actviz_core.attribution.attribute import attributed
from tests.core.tiny import reference, tiny_images, tiny_model


def test_it_is_the_mean_score_of_masks_that_show_a_pixel_less_the_mean_of_all():
    model, images = tiny_model(), tiny_images()
    method = Rise(masks=50, cells=4, open=0.4, seed=3)
    maps = attribute(model, images, ClassLogit(2), method)
    masks = method.drawn(torch.Generator().manual_seed(3), 50, 12, 16)
    grey = torch.tensor(model.mean).view(1, 3, 1, 1)
    for image, values in zip(images, maps.values, strict=True):
        scores = reference(model, image * masks + grey * (1 - masks))["output"][:, 2, 0, 0].double()
        shown = torch.einsum("k,khw->hw", scores, masks[:, 0].double()) / masks[:, 0].double().sum(0)
        assert np.allclose(values, shown - scores.mean(), atol=1e-5)
    assert maps.values.any() and maps.passes == method.passes(model, 12, 16) == 51


def test_masks_are_smooth_and_shifted_and_show_the_share_that_is_open():
    masks = Rise(cells=4, open=0.3).drawn(torch.Generator().manual_seed(0), 400, 12, 16)
    assert masks.shape == (400, 1, 12, 16) and masks.min() == 0 and masks.max() == pytest.approx(1)
    assert ((masks > 0) & (masks < 1)).any() and abs(masks.mean() - 0.3) < 0.02
    assert (masks.mean(0) - 0.3).abs().max() < 0.1, "no place is favoured"


def test_it_ends_when_the_later_half_of_the_masks_changes_little():
    model, images = tiny_model(), tiny_images(1)
    found = list(attributed(model, images, ClassLogit(2), Rise(masks=20_000, tolerance=0.3)))
    counts = [maps.passes - 1 for maps in found]
    assert counts[0] == 4 and found[-1].fraction == 1 and found[-2].fraction < 1
    end = counts[-1]
    assert end in (256, 512, 1024, 2048, 4096) and end < 20_000
    half = next(maps.values for maps, count in zip(found, counts, strict=True) if count == end // 2)
    last = found[-1].values
    assert np.sqrt(((last - half) ** 2).mean()) <= 0.3 * np.sqrt((last**2).mean())
    whole = list(attributed(model, images, ClassLogit(2), Rise(masks=300, tolerance=0)))
    assert whole[-1].passes == 301


def test_an_image_that_has_settled_keeps_its_map_while_others_go_on():
    model, images = tiny_model(), tiny_images(2)
    images[0] = torch.tensor(model.mean).view(3, 1, 1)  # nothing to see, so it has settled at once
    method = Rise(masks=1024, tolerance=0.1)
    together = attribute(model, images, ClassLogit(1), method)
    assert attribute(model, images[:1], ClassLogit(1), method).passes == 257 < together.passes
    for index in range(2):
        alone = attribute(model, images[index : index + 1], ClassLogit(1), method)
        assert np.allclose(together.values[index], alone.values[0], atol=1e-5)
    assert np.abs(together.values[0]).max() < 1e-5 < np.abs(together.values[1]).max()


def test_a_dead_channel_has_a_map_of_zeros():
    model = tiny_model()
    model.network.conv1.bias.fill_(-100)
    maps = attribute(model, tiny_images(), Channel("relu", 1), Rise(masks=2000))
    assert not maps.values.any() and maps.passes == 257
