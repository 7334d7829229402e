"""The gradient as an image: which way each pixel is to change."""

import numpy as np
import torch

from actviz_core import Recipe, ReplayInStep, together
from actviz_core.optimization.outcome import STRONG
from tests.core.tiny import reference
from tests.core.tiny_runs import STILL, spec, told


def frames_of(model, count: int, uphill: bool):
    ascent = ReplayInStep(Recipe(spec(count=count, start="grey"), STILL), uphill).begin(lambda *network: model)
    return [frame for _ in range(2) for frame in together([ascent], [None])]


def test_the_gradient_is_drawn_uphill_around_grey(model):
    first, _ = frames_of(model, 2, uphill=True)
    start = torch.full((2, 3, 16, 24), 0.5, requires_grad=True)
    reference(model, start)["conv2"][:, 1].mean((1, 2)).sum().backward()
    gradient = start.grad.permute(0, 2, 3, 1).numpy()
    for picture, its in zip(first.uphill, gradient, strict=True):
        expected = 127.5 + 127.5 * (its / (STRONG * np.sqrt((its**2).mean()))).clip(-1, 1)
        assert picture.shape == (16, 24, 3) and picture.dtype == np.uint8
        assert np.abs(picture - expected).max() < 1


def test_who_asks_for_it_gets_the_same_run(model):
    asked, plain = frames_of(model, 1, uphill=True), frames_of(model, 1, uphill=False)
    assert [told(frame) for frame in asked] == [told(frame) for frame in plain]
    assert [frame.uphill for frame in plain] == [None, None]
