"""The colours of both themes, by WCAG's contrast and by how far apart they are for the eye (CIE 1976)."""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

THEMES = {name: theme for name, theme in tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())["theme"].items() if isinstance(theme, dict)}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(colour: str) -> np.ndarray:
    x, y, z = np.cbrt(TO_XYZ @ linear(colour) / WHITE)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_contrast_is_wcags():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_curves_stand_out_from_the_background_and_from_each_other(name):
    theme = THEMES[name]
    curves = theme["chartCategoricalColors"]
    assert len(curves) == 10
    assert min(contrast(colour, theme["backgroundColor"]) for colour in (*curves, theme["primaryColor"])) >= 3
    assert min(np.linalg.norm(lab(one) - lab(other)) for one, other in itertools.combinations(curves, 2)) >= 25
