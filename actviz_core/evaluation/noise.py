"""Noise: how much of a picture is finer than the eye looks for."""

import numpy as np
from jaxtyping import UInt8

FINE = 0.25  # cycles per pixel: half the Nyquist frequency


def noise(picture: UInt8[np.ndarray, "h w 3"]) -> float:
    """The share of a picture's power that lies above half the Nyquist frequency, 0 to 1; 0 for a flat one.

    Over all three colours, without the mean; the frequency is radial.
    """
    values = picture.astype(np.float32)
    waves = np.fft.rfft2(values - values.mean((0, 1)), axes=(0, 1))
    power = (waves.real**2 + waves.imag**2).sum(2, dtype=np.float64)
    width = picture.shape[1]
    power[:, 1 : (width + 1) // 2] *= 2  # each stands for itself and its mirror image
    rows, columns = np.fft.fftfreq(picture.shape[0]), np.fft.rfftfreq(width)
    total = power.sum()
    return float(power[np.hypot(rows[:, None], columns) > FINE].sum() / total) if total > 1e-6 else 0.0
