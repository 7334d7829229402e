import numpy as np
import pytest
import torch

from actviz_core import OPTIMIZERS, SGD, ActvizError, Adam, GradientAscent, NAdam

RATE = 0.1


def gradients(steps=4):
    return torch.randn(steps, 2, 3, 4, 5, generator=torch.Generator().manual_seed(0))


def stepped(optimizer, gradients, rate=RATE):
    """Where parameters that begin at zero are after each gradient."""
    parameters = torch.zeros(gradients.shape[1:]).requires_grad_()
    stepper = optimizer.build([parameters])
    for gradient in gradients:
        parameters.grad = gradient.clone()
        for group in stepper.param_groups:
            group["lr"] = rate
        optimizer.prepare(parameters.grad, rate)
        stepper.step()
        yield parameters.detach().clone()


def adam(beta1, beta2):
    x = m = v = 0
    for t, g in enumerate(gradients().double().numpy(), 1):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        x = x - RATE * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + 1e-8)
        yield x


def nadam(beta1, beta2, decay=4e-3):
    x = m = v = 0
    product = 1
    for t, g in enumerate(gradients().double().numpy(), 1):
        now, then = (beta1 * (1 - 0.5 * 0.96 ** (k * decay)) for k in (t, t + 1))
        product *= now
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        ahead = then * m / (1 - product * then) + (1 - now) * g / (1 - product)
        x = x - RATE * ahead / (np.sqrt(v / (1 - beta2**t)) + 1e-8)
        yield x


def momentum(share):
    x = m = 0
    for g in gradients().double().numpy():
        m = share * m + g
        x = x - RATE * m
        yield x


@pytest.mark.parametrize(
    "optimizer, reference",
    [
        (Adam(0.5, 0.9), adam(0.5, 0.9)),
        (NAdam(0.8, 0.95), nadam(0.8, 0.95)),
        (SGD(0.7), momentum(0.7)),
        (GradientAscent(), momentum(0.0)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_steps_by_hand(optimizer, reference):
    for found, expected in zip(stepped(optimizer, gradients()), reference, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("optimizer", [kind() for kind in OPTIMIZERS], ids=lambda value: type(value).__name__)
def test_steps_go_down_the_loss(optimizer):
    (found,) = stepped(optimizer, torch.ones(1, 2, 3, 4, 5))
    assert (found < 0).all()


@pytest.mark.parametrize(
    "normalize, size",
    [
        ("mean", lambda g: np.abs(g).mean()),
        ("rms", lambda g: np.sqrt((g**2).mean())),
        ("norm", lambda g: np.sqrt((g**2).sum())),
    ],
)
def test_ascent_divides_by_the_gradients_size_in_each_image(normalize, size):
    gradient = gradients(1) * torch.tensor([1.0, 100.0])[:, None, None, None]
    (found,) = stepped(GradientAscent(normalize), gradient)
    expected = [-RATE * g / size(g) for g in gradient[0].double().numpy()]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("rate", [0.001, 100.0, 1e8])
def test_progress_is_yosinskis_learning_rate(rate):
    gradient = gradients(1) * torch.tensor([1.0, 1e-3])[:, None, None, None]
    (found,) = stepped(GradientAscent(progress=2.0), gradient, rate)
    expected = [-min(rate, 2.0 / (g**2).sum()) * g for g in gradient[0].double().numpy()]
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    rise = -(found * gradient[0]).sum((1, 2, 3))  # of the score, to first order
    assert (rise <= 2.0 + 1e-4).all() and (rate < 1 or rise[0].item() == pytest.approx(2.0, rel=1e-5))


@pytest.mark.parametrize("normalize", ["none", "mean", "rms", "norm"])
@pytest.mark.parametrize("progress", [0.0, 2.0])
@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_no_gradient_is_no_step(normalize, progress, rate):
    (found,) = stepped(GradientAscent(normalize, progress), torch.zeros(1, 2, 3, 4, 5), rate)
    assert (found == 0).all()


def test_unknown_normalization():
    with pytest.raises(ActvizError, match="ascent.normalize is 'max'; it must be one of none, mean, rms, norm."):
        GradientAscent("max")
