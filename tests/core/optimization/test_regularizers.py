import numpy as np
import pytest
import torch

from actviz_core import (
    L1,
    L2,
    REGULARIZERS,
    Blur,
    Boundary,
    Decay,
    HighFrequency,
    Lp,
    SmallContribution,
    SmallNorm,
    TotalVariation,
)
from actviz_core.blur import blurred
from actviz_core.optimization.regularizers import Operator, Penalty

PENALTIES = [kind for kind in REGULARIZERS if issubclass(kind, Penalty)]
OPERATORS = [kind for kind in REGULARIZERS if issubclass(kind, Operator)]
MEAN = torch.tensor([0.5, 0.4, 0.3])[:, None, None]


def pictures(n=3, height=14, width=19):
    return torch.rand(n, 3, height, width, generator=torch.Generator().manual_seed(3))


def boundary(x):
    edge = np.ones(x.shape[2:], bool)
    edge[2:-2, 2:-2] = False
    return np.abs(x[:, :, edge] - 0.5).mean((1, 2))


def high_frequency(x):
    power = np.abs(np.fft.fft2(x)) ** 2
    rows, columns = np.fft.fftfreq(x.shape[2])[:, None], np.fft.fftfreq(x.shape[3])
    return (power * ((np.abs(rows) > 0.25) | (np.abs(columns) > 0.25))).sum((1, 2, 3)) / (
        3 * (x.shape[2] * x.shape[3]) ** 2
    )


REFERENCES = {
    TotalVariation(): lambda x: (
        np.abs(x[:, :, 1:] - x[:, :, :-1]).mean((1, 2, 3)) + np.abs(x[..., 1:] - x[..., :-1]).mean((1, 2, 3))
    ),
    L1(): lambda x: np.abs(x - 0.5).mean((1, 2, 3)),
    L2(): lambda x: ((x - 0.5) ** 2).mean((1, 2, 3)),
    Lp(power=6): lambda x: ((2 * x - 1) ** 6).mean((1, 2, 3)),
    HighFrequency(): high_frequency,
    Boundary(pixels=2): boundary,
}


def test_every_penalty_has_a_reference():
    assert [type(penalty) for penalty in REFERENCES] == PENALTIES


@pytest.mark.parametrize("penalty, reference", REFERENCES.items(), ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("size", [(14, 19), (15, 20), (17, 13)])
def test_penalties_by_hand(penalty, reference, size):
    images = pictures(3, *size)
    np.testing.assert_allclose(penalty.penalty(images), reference(images.double().numpy()), rtol=1e-5)


@pytest.mark.parametrize("kind", PENALTIES)
def test_a_penalty_is_zero_on_flat_grey_and_positive_on_noise(kind):
    flat = torch.full((2, 3, 14, 19), 0.5, requires_grad=True)
    penalty = kind().penalty(flat)
    assert penalty.tolist() == pytest.approx([0, 0], abs=1e-12)
    penalty.sum().backward()
    assert torch.isfinite(flat.grad).all()
    assert (kind().penalty(pictures()) > 0).all()


@pytest.mark.parametrize("kind", [TotalVariation, HighFrequency])
def test_smoothers_do_not_mind_flat_colours(kind):
    flat = torch.tensor([0.1, 0.9, 0.3])[None, :, None, None].expand(1, 3, 14, 19)
    assert kind().penalty(flat).item() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("kind", PENALTIES)
def test_a_penalty_looks_at_every_image_by_itself(kind):
    images = pictures()
    torch.testing.assert_close(kind().penalty(images), torch.cat([kind().penalty(image[None]) for image in images]))


@pytest.mark.parametrize("kind", PENALTIES)
def test_a_weight_means_the_same_at_every_size(kind):
    small, large = kind().penalty(pictures(1, 60, 90)), kind().penalty(pictures(1, 240, 180))
    assert large.item() == pytest.approx(small.item(), rel=0.05)


def test_a_checkerboard_is_the_highest_frequency():
    rows, columns = torch.arange(14)[:, None], torch.arange(20)
    board = 0.5 + 0.3 * (-1.0) ** (rows + columns)
    slow = 0.5 + 0.3 * torch.cos(2 * torch.pi * 2 * columns / 20)
    images = torch.stack([board.expand(3, 14, 20), slow.expand(3, 14, 20)])
    assert HighFrequency().penalty(images).tolist() == pytest.approx([0.09, 0.0], abs=1e-6)


def test_the_boundary_sees_only_the_edge():
    images = torch.full((1, 3, 14, 19), 0.5)
    images[:, :, 3:-3, 3:-3] = 1.0
    assert Boundary(pixels=3).penalty(images).item() == 0
    assert Boundary(pixels=4).penalty(images).item() > 0
    assert Boundary(pixels=64).penalty(images).item() == pytest.approx(L1().penalty(images).item())


@pytest.mark.parametrize("kind", REGULARIZERS)
def test_without_weight_nothing_is_done(kind):
    assert not kind().active and kind(0.5).active


# operators


@pytest.mark.parametrize("kind", OPERATORS)
def test_operators_leave_the_mean_colour_as_it_is(kind):
    flat = MEAN.expand(2, 3, 14, 19)
    torch.testing.assert_close(kind(0.5).operate(flat, pictures(2), MEAN), flat)


def test_decay_keeps_a_share_of_the_distance_from_the_mean():
    images = pictures()
    torch.testing.assert_close(Decay(0.3).operate(images, images, MEAN), MEAN + 0.7 * (images - MEAN))


def test_blur_is_due_every_so_many_iterations():
    images = pictures()
    assert [i for i in range(1, 13) if Blur(1.0, 4).due(i)] == [4, 8, 12]
    assert all(operator(0.5).due(i) for operator in (Decay, SmallNorm, SmallContribution) for i in (1, 2, 3))
    torch.testing.assert_close(Blur(1.0).operate(images, images, MEAN), blurred(images, 1.0))


def wiped(amount, percent, images):
    limit = np.percentile(amount.reshape(len(amount), -1), percent, axis=1)[:, None, None]
    return np.where((amount >= limit)[:, None], images, MEAN.numpy())


@pytest.mark.parametrize("percent", [20.0, 50.0, 95.0])
def test_small_norms_become_the_mean(percent):
    images = pictures()
    amount = np.linalg.norm((images - MEAN).double().numpy(), axis=1)
    changed = SmallNorm(percent).operate(images, torch.zeros_like(images), MEAN)
    np.testing.assert_allclose(changed, wiped(amount, percent, images.numpy()))
    share = (changed == MEAN).all(1).float().mean((1, 2))
    assert share.tolist() == pytest.approx([percent / 100] * 3, abs=0.005)


@pytest.mark.parametrize("percent", [23.0, 90.0])
def test_small_contributions_become_the_mean(percent):
    images, gradient = pictures(), pictures(6)[3:] - 0.5
    amount = np.abs(((images - MEAN) * gradient).double().numpy().sum(1))
    np.testing.assert_allclose(
        SmallContribution(percent).operate(images, gradient, MEAN), wiped(amount, percent, images.numpy())
    )
