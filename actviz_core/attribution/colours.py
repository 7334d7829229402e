"""Colours of maps: two tables of 256, made by formula in OKLab, where equal steps look equal (Ottosson 2020).

What tells values apart is lightness, so they are told apart without colour vision and in grey print.
"""

from functools import cache

import numpy as np
from jaxtyping import Float, UInt8

COUNT = 256
WHITE, DEEP, DARK = 0.97, 0.45, 0.16  # lightness: of zero on the diverging scale, of its ends, of zero on the other

# OKLab to the cube roots of the cones' answers, and their cubes to linear sRGB.
CONES = np.array(
    [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.2914855480]]
)
LINEAR = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


@cache
def diverging() -> UInt8[np.ndarray, "256 3"]:
    """Blue at -1, white at 0 (the two in the middle), orange-red at 1; as light at -x as at x."""
    place = np.arange(COUNT) - (COUNT - 1) / 2
    size = (np.abs(place) - 0.5) / (COUNT / 2 - 1)
    lightness, chroma = WHITE - (WHITE - DEEP) * size, 0.135 * np.sin(np.pi / 2 * size)
    return frozen(lightness, chroma, np.where(place < 0, 256.0, 38.0))


@cache
def sequential() -> UInt8[np.ndarray, "256 3"]:
    """Nearly black at 0, by purple, red and orange to light yellow at 1; always lighter."""
    size = np.linspace(0, 1, COUNT)
    return frozen(DARK + (WHITE - DARK) * size, 0.05 + 0.12 * np.sin(np.pi * size), 290 + 175 * size)


def frozen(
    lightness: Float[np.ndarray, " n"], chroma: Float[np.ndarray, " n"], hue: Float[np.ndarray, " n"]
) -> UInt8[np.ndarray, "n 3"]:
    """The table of these colours, hue in degrees, that nobody can change."""
    table = np.round(255 * np.clip(srgb(lightness, chroma, hue), 0, 1)).astype(np.uint8)
    table.flags.writeable = False
    return table


def srgb(
    lightness: Float[np.ndarray, " n"], chroma: Float[np.ndarray, " n"], hue: Float[np.ndarray, " n"]
) -> Float[np.ndarray, "n 3"]:
    """Colours as screens have them, in [0, 1]; beyond it where a screen has none such."""
    angle = np.deg2rad(hue)
    lab = np.stack([lightness, chroma * np.cos(angle), chroma * np.sin(angle)], 1)
    linear = (lab @ CONES.T) ** 3 @ LINEAR.T
    bent = 1.055 * np.abs(linear) ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, 12.92 * linear, bent)
