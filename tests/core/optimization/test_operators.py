"""Regularizers that change the picture after a step, in Yosinski's order."""

import numpy as np
import pytest
import torch

from actviz_core import (
    Blur,
    Decay,
    FourierImage,
    GradientAscent,
    Hyperparams,
    PixelImage,
    SmallContribution,
    SmallNorm,
    optimize,
)
from actviz_core.blur import blurred
from actviz_core.optimization.state import seed_of
from tests.core.tiny import reference
from tests.core.tiny_runs import spec


def test_yosinskis_iteration_in_his_order(model):
    """Step, decay, blur, small norm, small contribution, computed beside it; in whichever order they are listed."""
    grey, rate = torch.tensor(model.mean)[:, None, None], 3e6
    operators = (SmallContribution(30.0), Blur(1.0, 1), SmallNorm(25.0), Decay(0.1))
    run = spec(parametrization=PixelImage(128.0, 60.0), optimizer=GradientAscent(), redirected=0, iterations=1, seed=4)
    noise = run.parametrization.noise(1, 16, 24, torch.Generator().manual_seed(seed_of(run, 0))) / 255
    start = noise.clone().requires_grad_()
    reference(model, start)["conv2"][:, 1].mean().backward()
    x = (noise + rate / 255**2 * start.grad).clamp(0, 1)
    x = grey + 0.9 * (x - grey)
    x = blurred(x, 1.0)
    for amount, share in (
        (lambda x: (x - grey).norm(dim=1), 0.25),
        (lambda x: ((x - grey) * start.grad).sum(1).abs(), 0.3),
    ):
        limit = torch.quantile(amount(x).flatten(), share)
        x = torch.where((amount(x) >= limit)[:, None], x, grey)
    (frame,) = optimize(model, run, Hyperparams(rate, (), operators))
    differ = np.abs(frame.images[0].transpose(2, 0, 1) - (x[0] * 255).numpy()).max(0) > 0.51
    assert differ.sum() <= 2  # a pixel at the very percentile may fall to either side
    assert (np.abs(frame.images[0] - 255 * np.array(model.mean)) < 0.51).all(-1).mean() > 0.25


def test_blur_is_done_in_every_fourth_iteration(model):
    pictures = [frame.images for frame in optimize(model, spec(iterations=9), Hyperparams(0.0, (), (Blur(1.0, 4),)))]
    assert [i for i in range(2, 10) if (pictures[i - 1] != pictures[i - 2]).any()] == [4, 8]


@pytest.mark.parametrize(
    "parametrization", [PixelImage(decorrelate=True), FourierImage(sd=0.3)], ids=lambda p: type(p).__name__
)
def test_operators_act_on_the_picture_whatever_it_is_made_of(parametrization, model):
    before, after = (
        next(optimize(model, spec(parametrization=parametrization), Hyperparams(0.0, (), operators))).images / 255
        for operators in ((), (Decay(0.5),))
    )
    np.testing.assert_allclose(after, model.mean + 0.5 * (before - model.mean), atol=0.01)
