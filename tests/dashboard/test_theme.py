"""The colours of both themes, by WCAG's contrast and by how far apart they are for the eye (CIEDE2000)."""

import itertools
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from actviz_core import MOST

THEMES = {
    name: theme
    for name, theme in tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())[
        "theme"
    ].items()
    if isinstance(theme, dict)
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])
# What people see of linear sRGB who see all colours, no red, and no green (Machado, Oliveira and Fernandes 2009).
EYES = {
    "all": np.eye(3),
    "no red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(light: np.ndarray) -> tuple[float, float, float]:
    share = TO_XYZ @ light / WHITE
    x, y, z = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(one, other) -> float:
    """CIEDE2000 of two colours as L, a, b (Sharma, Wu and Dalal 2005)."""
    (light, a, b), (other_light, other_a, other_b) = one, other
    mean = (math.hypot(a, b) + math.hypot(other_a, other_b)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25**7))
    chroma, other_chroma = math.hypot(a * stretch, b), math.hypot(other_a * stretch, other_b)
    hue, other_hue = (
        math.degrees(math.atan2(b, a * stretch)) % 360,
        math.degrees(math.atan2(other_b, other_a * stretch)) % 360,
    )
    turn = (other_hue - hue + 180) % 360 - 180
    between, middle = hue + turn / 2, (light + other_light) / 2
    mean = (chroma + other_chroma) / 2
    tone = 1 + sum(
        weight * math.cos(math.radians(times * between - shift))
        for weight, times, shift in ((-0.17, 1, 30), (0.24, 2, 0), (0.32, 3, -6), (-0.2, 4, 63))
    )
    lightness = (other_light - light) / (1 + 0.015 * (middle - 50) ** 2 / math.sqrt(20 + (middle - 50) ** 2))
    strength = (other_chroma - chroma) / (1 + 0.045 * mean)
    colour = 2 * math.sqrt(chroma * other_chroma) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * mean * tone)
    rotation = (
        -2
        * math.sqrt(mean**7 / (mean**7 + 25**7))
        * math.sin(math.radians(60 * math.exp(-((((between % 360) - 275) / 25) ** 2))))
    )
    return math.sqrt(lightness**2 + strength**2 + colour**2 + rotation * strength * colour)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_distances_are_those_of_the_paper(one, other, found):
    assert apart(one, other) == pytest.approx(found, abs=1e-4)


def test_contrast_is_wcags():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_curves_stand_out_from_the_background_and_from_each_other(name):
    theme = THEMES[name]
    curves = theme["chartCategoricalColors"]
    assert len(curves) == MOST
    assert min(contrast(colour, theme["backgroundColor"]) for colour in (*curves, theme["primaryColor"])) >= 3
    for eyes, least in (("all", 18), ("no red", 11), ("no green", 11)):
        seen = [lab(np.clip(EYES[eyes] @ linear(colour), 0, 1)) for colour in curves]
        assert min(apart(*pair) for pair in itertools.combinations(seen, 2)) >= least, eyes
