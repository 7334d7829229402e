from dataclasses import replace

import numpy as np
import pytest
import torch

from actviz_core import PARAMETRIZATIONS, FourierImage, PhaseImage, PixelImage, spectrum_of
from actviz_core.optimization.waves import in_two_steps

VARIANTS = [
    PixelImage(),
    PixelImage(decorrelate=True),
    FourierImage(),
    FourierImage(decay=1.5, decorrelate=False),
    PhaseImage(),
    PhaseImage((4.0, 1.0, 0.5), decorrelate=False),
]
SIZES = [(16, 24), (17, 24), (24, 17), (15, 21)]
# What Lucid calls the colour correlation: rows red, green, blue, divided by the largest column norm.
LUCID = np.array([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]])
LUCID = LUCID / np.linalg.norm(LUCID, axis=0).max()


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def logit(x):
    return np.log(x / (1 - x))


def label(variant):
    return f"{type(variant).__name__}-{int(variant.decorrelate)}"


def photograph(height=32, width=48):
    """A smooth picture of three colours, different along rows and columns."""
    rows, columns = np.linspace(0, 1, height)[:, None], np.linspace(0, 1, width)
    red = 0.5 + 0.3 * np.sin(5 * rows + 2 * columns)
    return torch.tensor(
        np.stack([red, 0.2 + 0.5 * rows * columns, 0.8 - 0.4 * columns + 0 * rows]), dtype=torch.float32
    )[None]


def test_every_parametrization_is_tried():
    assert {type(variant) for variant in VARIANTS} == set(PARAMETRIZATIONS)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("variant", VARIANTS, ids=label)
def test_images_are_in_range_differ_and_answer_to_every_parameter(variant, size, rng):
    parameters = variant.noise(3, *size, rng).requires_grad_()
    images = variant.images(parameters, *size)
    assert images.shape == (3, 3, *size) and images.dtype == torch.float32
    assert images.min() >= 0 and images.max() <= 1
    assert not torch.equal(images[0], images[1])
    (images[0] * torch.rand(images[0].shape, generator=rng)).sum().backward()
    assert parameters.grad[0].abs().sum() > 0 and parameters.grad[1:].abs().sum() < 1e-6


@pytest.mark.parametrize("variant", VARIANTS, ids=label)
def test_noise_comes_from_the_given_generator(variant):
    torch.manual_seed(1)
    one = variant.noise(1, 16, 24, torch.Generator().manual_seed(5))
    torch.manual_seed(2)
    assert torch.equal(one, variant.noise(1, 16, 24, torch.Generator().manual_seed(5)))
    assert not torch.equal(one, variant.noise(1, 16, 24, torch.Generator().manual_seed(6)))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("variant", VARIANTS, ids=label)
def test_parameters_of_an_image_make_that_image(variant, size, rng):
    images = variant.images(variant.noise(2, *size, rng), *size)
    if isinstance(variant, PhaseImage):  # of any image it keeps the phases only; now they belong to a real one
        images = variant.images(variant.parameters(images), *size)
    again = variant.images(variant.parameters(images), *size)
    torch.testing.assert_close(again, images, atol=2e-3, rtol=0)


@pytest.mark.parametrize("size", [(32, 48), (33, 47)])
@pytest.mark.parametrize("variant", [v for v in VARIANTS if not isinstance(v, PhaseImage)], ids=label)
def test_parameters_of_a_photograph_make_that_photograph(variant, size):
    images = photograph(*size)
    torch.testing.assert_close(variant.images(variant.parameters(images), *size), images, atol=1e-4, rtol=0)


@pytest.mark.parametrize("variant", [PixelImage(decorrelate=True), FourierImage(), PhaseImage()], ids=label)
def test_black_and_white_have_finite_parameters(variant):
    images = torch.zeros(1, 3, 16, 24)
    images[..., :12] = 1
    assert torch.isfinite(variant.parameters(images)).all()


def test_pixels_count_to_255():
    images = photograph()
    torch.testing.assert_close(PixelImage().parameters(images), images * 255)
    torch.testing.assert_close(PixelImage().images(images * 255, 32, 48), images)


def test_pixel_noise_is_uniform_around_its_mean(rng):
    noise = PixelImage(138.0, 10.0).noise(2, 90, 120, rng)
    assert 128 - 1e-3 <= noise.min() < 128.1 and 147.9 < noise.max() <= 148 + 1e-3
    assert noise.mean().item() == pytest.approx(138, abs=0.1) and noise.std().item() == pytest.approx(
        20 / 12**0.5, rel=0.01
    )


def test_pixel_noise_stays_in_range(rng):
    noise = PixelImage(250.0, 127.0).noise(1, 16, 24, rng)
    assert noise.min() >= 0 and noise.max() == 255


def test_pixels_settle_between_0_and_255():
    parameters = torch.tensor([[-3.0, 100.0, 300.0]])
    PixelImage().settle(parameters)
    assert parameters.tolist() == [[0, 100, 255]]


def test_decorrelated_colour():
    axes = torch.rand(2, 3, 5, 7, generator=torch.Generator().manual_seed(1)) * 4 - 2
    expected = sigmoid(np.einsum("ij,njhw->nihw", LUCID, axes.numpy()))
    np.testing.assert_allclose(PixelImage(decorrelate=True).images(axes, 5, 7), expected, atol=1e-6)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("decay", [0.0, 1.0, 1.5])
def test_fourier_image_in_numpy(size, decay, rng):
    height, width = size
    variant = FourierImage(decay=decay)
    parameters = 20 * variant.noise(2, *size, rng)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width))
    longer = max(size)
    scale = longer ** (1 - decay) / np.maximum(frequency, 1 / longer) ** decay / 4  # at decay 1 Lucid's
    waves = (
        np.fft.irfft2((parameters[..., 0].numpy() + 1j * parameters[..., 1].numpy()) * scale, s=size)
        * (height * width) ** 0.5
    )
    expected = sigmoid(np.einsum("ij,njhw->nihw", LUCID, waves))
    np.testing.assert_allclose(variant.images(parameters, *size), expected, atol=1e-4)


def test_fourier_noise_has_its_standard_deviation(rng):
    noise = FourierImage(sd=0.02).noise(2, 64, 96, rng)
    assert noise.shape == (2, 3, 64, 49, 2) and noise.std().item() == pytest.approx(0.02, rel=0.02)


@pytest.mark.parametrize("variant", [FourierImage(), FourierImage(decay=1.5, decorrelate=False)], ids=label)
def test_fourier_image_of_another_size_is_the_same_picture(variant, rng):
    parameters = 20 * variant.noise(1, 16, 24, rng)
    small = variant.images(parameters, 16, 24)
    large = variant.images(variant.resized(parameters, (16, 24), (48, 72)), 48, 72)
    torch.testing.assert_close(large[:, :, ::3, ::3], small, atol=1e-4, rtol=0)
    torch.testing.assert_close(variant.images(variant.resized(parameters, (16, 24), (16, 24)), 16, 24), small)


def test_fourier_image_made_smaller_keeps_the_slow_waves():
    variant = FourierImage(decorrelate=False)
    columns, rows = torch.arange(48) / 48, torch.arange(32)[:, None] / 32
    slow = (torch.cos(2 * torch.pi * (3 * columns + rows)) + 0.5 * torch.cos(2 * torch.pi * 12 * columns)).sigmoid()
    parameters = variant.parameters(slow.expand(1, 3, 32, 48))
    small = variant.images(variant.resized(parameters, (32, 48), (16, 24)), 16, 24)
    torch.testing.assert_close(small, slow[::2, ::2].expand(1, 3, 16, 24), atol=1e-4, rtol=0)


def test_fourier_image_made_smaller_and_larger_again(rng):
    smooth = FourierImage()
    parameters = smooth.resized(20 * smooth.noise(1, 9, 15, rng), (9, 15), (18, 30))
    back = smooth.resized(smooth.resized(parameters, (18, 30), (27, 45)), (27, 45), (18, 30))
    assert torch.equal(back, parameters)


def test_phase_image_of_another_size_is_nearly_the_same_picture(rng):
    variant = PhaseImage()
    parameters = variant.noise(1, 15, 25, rng)
    small, large = (
        variant.images(parameters, 15, 25),
        variant.images(variant.resized(parameters, (15, 25), (45, 75)), 45, 75),
    )
    assert np.corrcoef(large[..., ::3, ::3].flatten(), small.flatten())[0, 1] > 0.97


@pytest.mark.parametrize("variant", [PixelImage(), PixelImage(decorrelate=True)], ids=label)
def test_pixels_of_another_size_are_nearly_the_same_picture(variant):
    resized = variant.resized(variant.parameters(photograph()), (32, 48), (64, 80))
    assert (variant.images(resized, 64, 80) - photograph(64, 80)).abs().max() < 0.05


def strengths(images, size):
    """How strong the waves of the colour axes are, and at how many cycles per longer side."""
    waves = np.fft.rfft2(np.einsum("ij,njhw->nihw", np.linalg.inv(LUCID), logit(images.double().numpy())))
    cycles = np.hypot(np.fft.fftfreq(size[0])[:, None], np.fft.rfftfreq(size[1])) * max(size)
    inside = (slice(1, None), slice(1, -1))  # half spectra of real images repeat themselves in the columns left out
    return np.abs(waves)[(..., *inside)], cycles[inside]


@pytest.mark.parametrize(
    "spectrum, law", [((), lambda f: 1 / f), ((1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5), lambda f: 1 / f ** np.log2(10))]
)
def test_phase_image_has_the_spectrum_given(spectrum, law, rng):
    variant, size = PhaseImage(spectrum), (16, 24)
    strong, cycles = strengths(variant.images(variant.noise(2, *size, rng), *size), size)
    expected = law(np.maximum(cycles, 1))
    share = strong / expected
    np.testing.assert_allclose(share, np.broadcast_to(share[:, :1, :1, :1], share.shape), rtol=0.05)


def test_a_spectrum_goes_on_as_its_last_strength(rng):
    variant = PhaseImage((1.0, 0.25))
    strength = variant.strength(16, 24, torch.device("cpu"))
    assert strength[0, 0] == strength[0, 1] == 1
    assert strength[0, 2].item() == pytest.approx(0.25) and strength[5, 9].item() == pytest.approx(0.25)
    assert replace(variant, spectrum=(1.0,)).strength(16, 24, torch.device("cpu")).unique().tolist() == [1.0]


def test_phase_image_keeps_its_spectrum_whatever_the_phases(rng):
    variant, size = PhaseImage(), (16, 24)
    one, two = (strengths(variant.images(variant.noise(1, *size, rng), *size), size)[0] for _ in range(2))
    ratio = one / two
    np.testing.assert_allclose(ratio, ratio[:, :1, :1, :1].repeat(3, 1).repeat(15, 2).repeat(11, 3), rtol=0.05)


def test_phase_axes_have_standard_deviation_one(rng):
    variant = PhaseImage(decorrelate=False)
    axes = logit(variant.images(variant.noise(2, 33, 47, rng), 33, 47).double().numpy())
    np.testing.assert_allclose(axes.mean((2, 3)), 0, atol=1e-4)
    np.testing.assert_allclose(axes.std((1, 2, 3), ddof=1), 1, atol=1e-3)


def test_the_spectrum_of_photographs_is_measured():
    draw = np.random.default_rng(0)
    frequency = np.maximum(np.hypot(np.fft.fftfreq(256)[:, None], np.fft.fftfreq(256)), 1 / 256)
    waves = np.fft.ifft2(np.fft.fft2(draw.standard_normal((256, 256))) / frequency).real
    natural = np.uint8(np.clip(128 + 30 * waves / waves.std(), 0, 255))[..., None].repeat(3, 2)
    white = draw.integers(0, 256, (256, 256, 1), dtype=np.uint8).repeat(3, 2)
    falling = spectrum_of([natural, natural])
    assert falling[0] == 1 and len(falling) == 8
    assert np.diff(np.log2(falling)[2:]).tolist() == pytest.approx([-1] * 5, abs=0.2)  # an octave up, half as strong
    assert np.log2(spectrum_of([white])[2:]).std() < 0.1
    assert falling != spectrum_of([natural, white])


@pytest.mark.parametrize("size", [(8, 8), (9, 8), (8, 9), (7, 5), (224, 224), (225, 225)])
def test_waves_in_two_steps_are_the_picture_of_one_and_their_ends_are_real(size, monkeypatch):
    height, width = size
    spectrum = torch.randn(
        2, 3, height, width // 2 + 1, dtype=torch.complex64, generator=torch.Generator().manual_seed(4)
    ).requires_grad_()
    rows, transform = [], torch.fft.irfft
    monkeypatch.setattr(
        torch.fft, "irfft", lambda columns, **given: rows.append(columns) or transform(columns, **given)
    )
    found = in_two_steps(spectrum, width)
    expected = torch.fft.irfft2(spectrum, s=size, norm="ortho")
    torch.testing.assert_close(found, expected, atol=2e-6, rtol=1e-5)
    ends = [0, -1] if width % 2 == 0 else [0]
    assert not rows[0].imag[..., ends].any() and rows[0].imag.any()
    weights = torch.randn(found.shape, generator=torch.Generator().manual_seed(5))
    gradients = [torch.autograd.grad((picture * weights).sum(), spectrum)[0] for picture in (found, expected)]
    torch.testing.assert_close(*gradients, atol=1e-5, rtol=1e-4)
