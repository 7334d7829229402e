"""Colours that are as they should be by formula, numbers on a scale, and what is said of maps that show nothing."""

import numpy as np
import pytest

from actviz_core import Channel, Sum, Term, attribute
from actviz_core.attribution import GradCam, Maps
from actviz_core.attribution.colours import CONES, LINEAR, diverging, sequential
from actviz_core.attribution.scale import NOT_POSITIVE, ColourScale, words_of
from tests.core.tiny import tiny_images, tiny_model


def lightness(table):
    """Of OKLab, the way back."""
    share = table / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return (np.cbrt(linear @ np.linalg.inv(LINEAR).T) @ np.linalg.inv(CONES).T)[:, 0]


def without_red(table):
    """What somebody sees who has no cones for long waves (Vienot et al. 1999), linear."""
    seen = np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]])
    return (table / 255) ** 2.2 @ seen.T


def maps_of(values, layer="conv", **about):
    values = np.asarray(values, np.float32)[None]
    return Maps(values, about.pop("score", (1.0,)), 12, 16, layer, **about)


def test_the_sequential_scale_gets_lighter_in_equal_steps():
    steps = np.diff(lightness(sequential()))
    assert sequential().shape == (256, 3) and sequential().dtype == np.uint8
    assert (steps > 0).all() and np.allclose(steps, 0.81 / 255, atol=2.5e-3)


def test_the_diverging_scale_is_as_light_on_both_sides_and_white_at_zero():
    table = diverging()
    light = lightness(table)
    assert np.allclose(light, light[::-1], atol=4e-3)
    assert (table[127] == table[128]).all() and np.ptp(table[127].astype(int)) <= 1 and light[127] > 0.96
    assert (np.diff(light[128:]) < 1e-3).all() and light[128] - light[255] == pytest.approx(0.52, abs=0.01)
    assert table[0, 2] > table[0, 0] + 80 and table[255, 0] > table[255, 2] + 80  # blue, and orange-red


def test_both_signs_are_told_apart_without_red():
    seen = without_red(diverging())
    apart = np.abs(seen[:64] - seen[::-1][:64]).max(1)
    assert apart.min() > 0.15


def test_tables_cannot_be_changed():
    with pytest.raises(ValueError):
        diverging()[0, 0] = 1


def test_a_layers_scale_ends_at_the_largest_absolute_value():
    maps = maps_of([[0, -4, 1], [2, 0.5, 3]])
    assert ColourScale.of(maps, 0, signed=True) == ColourScale(4, True)
    scale = ColourScale.of(maps, 0, signed=True)
    assert scale.quantized(maps.values[0]).tolist() == [[0, -127, 32], [64, 16, 95]]
    assert np.allclose(scale.quantized(maps.values[0]) / 127 * scale.top, maps.values[0], atol=4 / 254)


def test_zero_has_one_colour_whatever_the_scale():
    for top in (0.001, 5, 1e9):
        assert (ColourScale(top, True).coloured(np.zeros((2, 3), np.float32)) == diverging()[128]).all()
        assert (ColourScale(top, False).coloured(np.zeros((2, 3), np.float32)) == sequential()[0]).all()


def test_colours_at_the_ends_and_beyond():
    scale = ColourScale(2, True)
    assert (scale.coloured(np.float32([-9, -2, 2, 9])) == diverging()[[0, 0, 255, 255]]).all()
    assert (ColourScale(2, False).coloured(np.float32([-1, 0, 2, 9])) == sequential()[[0, 0, 255, 255]]).all()


def test_one_pixel_beyond_all_others_does_not_make_a_pixel_scale():
    values = np.zeros((20, 30), np.float32)
    values[:10] = 1
    values[0, 0] = 1000
    assert ColourScale.of(maps_of(values, layer=""), 0, signed=False).top == 1
    assert ColourScale.of(maps_of(values), 0, signed=False).top == 1000
    assert ColourScale(1, False).cuts_off(values) and ColourScale(1, True).cuts_off(-values)
    assert not ColourScale(1000, False).cuts_off(values)


def test_one_scale_for_several_maps():
    assert ColourScale.largest(ColourScale(1, False), ColourScale(3, True), ColourScale(2, False)) == ColourScale(
        3, True
    )


def test_a_map_of_zeros_has_a_scale_and_no_nan():
    scale = ColourScale.of(maps_of(np.zeros((3, 4))), 0, signed=True)
    assert scale.top == 0 and not scale.quantized(np.zeros((3, 4), np.float32)).any()
    assert (scale.coloured(np.zeros((3, 4), np.float32)) == diverging()[128]).all()


def test_words_where_colours_would_lie():
    assert words_of(maps_of([[1, 2, 0]]), 0) == ""
    assert words_of(maps_of([[0, 0, 0]]), 0) == "flat"
    assert words_of(maps_of([[0, 0, 0]], score=(0.0,)), 0) == "flat"  # a dead unit
    assert words_of(maps_of([[3, 3, 3.00001]]), 0) == "flat"
    assert words_of(maps_of([[3e-6, 1e-6, 0]], score=(1.0,)), 0) == "flat"
    assert words_of(maps_of([[3e-6, 1e-6, 0]], score=(0.1,)), 0) == ""
    assert words_of(maps_of([[7]]), 0) == "flat"


def test_no_positive_evidence_is_said_where_something_was_cut_off():
    assert words_of(maps_of([[0, 0, 0]], cut_off=(0.5,)), 0) == NOT_POSITIVE
    assert words_of(maps_of([[0, 0, 0]], cut_off=(0.0,)), 0) == "flat"
    assert words_of(maps_of([[0, 1, 0]], cut_off=(0.5,)), 0) == ""


def test_a_map_with_evidence_against_only_says_so_and_shows_it_signed():
    model, images = tiny_model(), tiny_images(2)
    less = Sum((Term(-1.0, Channel("pool", 0)),))
    maps = attribute(model, images, less, GradCam("pool"))
    assert not maps.values.any() and [words_of(maps, index) for index in range(2)] == [NOT_POSITIVE] * 2
    signed = attribute(model, images, less, GradCam("pool", signed=True))
    assert signed.cut_off == () and words_of(signed, 1) == "" and maps.cut_off[1] == -signed.values[1].min() > 0


def test_words_are_those_of_the_image():
    maps = Maps(np.float32([[[0, 0]], [[0, 1]], [[0, 0]]]), (1.0, 1.0, 1.0), 12, 16, "conv", cut_off=(0.0, 0.0, 2.0))
    assert [words_of(maps, index) for index in range(3)] == ["flat", "", NOT_POSITIVE]
