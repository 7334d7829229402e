"""Maps as files: what is drawn where, in which colours, with which numbers, and what is inside."""

import csv
import io
import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from actviz_core import ActvizError, ClassLogit, ColourScale, Explanation, GradCam, Maps, attribute, export, resized
from actviz_core.attribution import InputXGradient
from actviz_core.export.maps import numbers, told_of
from tests.core.tiny import tiny_images, tiny_model

EXPLANATION = Explanation("tiny", ClassLogit(2), GradCam("pool"), 12, 16, (0, 0, 12, 16))
PICTURE = np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)


def maps_of(method=EXPLANATION.method):
    return attribute(tiny_model(), tiny_images(2), ClassLogit(2), method)


def opened(data):
    image = Image.open(io.BytesIO(data))
    return np.asarray(image.convert("RGB")).astype(int), image.info


def test_an_overlay_is_the_scales_colours_over_the_image_in_its_own():
    maps = maps_of()
    scale = ColourScale.of(maps, 1, False)
    drawn = export.overlay(PICTURE, maps, 1, scale, opacity=1)
    assert (drawn == scale.coloured(resized(maps, size=(24, 32))[1])).all()
    assert (export.overlay(PICTURE, maps, 1, scale, opacity=0) == PICTURE).all()
    quarter = export.overlay(PICTURE, maps, 1, scale, opacity=0.25)
    assert np.abs(quarter - (0.25 * drawn + 0.75 * PICTURE)).max() <= 0.5
    flat = replace(maps, values=np.ones_like(maps.values))
    assert (export.overlay(PICTURE, flat, 1, ColourScale.of(flat, 1, False)) == PICTURE).all()


def test_a_map_is_drawn_at_any_size_where_its_cells_lie():
    maps = Maps(np.float32([[[0, 0], [0, 9]]]), (1.0,), 12, 16, "conv", centres=((2.0, 7.0), (3.0, 11.0)))
    twice = resized(maps, size=(24, 32))[0]
    assert np.unravel_index(twice.argmax(), twice.shape) == (15, 23)  # the pixels 14 and 15 show what pixel 7 does
    assert twice[14, 22] < 9 and resized(maps)[0, 7, 11] == 9


def test_a_map_as_png_opens_again():
    maps = maps_of()
    data = export.map_png(PICTURE, maps, 0, EXPLANATION, ("ant", "bee", "cat", "dog", "eel"))
    assert export.read_explanation(data) == EXPLANATION
    image, _ = opened(data)
    assert image.shape[0] > PICTURE.shape[0] + 3 * 24 and (image[: export.LABEL] < 128).any()
    scale = ColourScale.of(maps, 0, False)
    assert (image[export.LABEL : export.LABEL + 24, :32] == export.overlay(PICTURE, maps, 0, scale)).all()
    bar = image[export.LABEL + 24, :32]
    assert (bar[0] == scale.table[0]).all() and (bar[-1] == scale.table[-1]).all()


def test_the_title_says_method_layer_target_and_network():
    title = export.title_of(EXPLANATION, "pool", ("ant", "bee", "cat", "dog", "eel"))
    assert title == "Grad-CAM at pool: class 2 cat, tiny"


def test_the_line_below_says_what_a_map_says():
    maps = Maps(np.zeros((1, 2, 3), np.float32), (1.25,), 12, 16, "conv", completeness=(0.5,))
    assert told_of(maps, 0) == "score 1.25, adds up to 0 of 0.5, flat"


def test_numbers_stand_at_both_ends_of_a_signed_scale_and_in_its_middle():
    signed, positive = (numbers(ColourScale(3, sign), False, 200) for sign in (True, False))
    dark = [(line < 128).any((0, 2)) for line in (signed, positive)]
    assert dark[0][95:105].any() and not dark[1][95:105].any()
    assert (numbers(ColourScale(3, False), True, 200) != positive).any()  # "3 and more"


def test_values_are_opened_without_unpickling():
    maps = maps_of()
    with np.load(io.BytesIO(export.map_npz(maps, 1, EXPLANATION)), allow_pickle=False) as file:
        found = {name: file[name] for name in file.files}
    assert found.keys() == {"map", "resized", "target_score", "explanation", "rows", "columns"}
    assert (found["map"] == maps.values[1]).all() and found["map"].shape == (6, 8)
    assert (found["resized"] == resized(maps)[1]).all() and found["resized"].shape == (12, 16)
    assert found["target_score"] == pytest.approx(maps.score[1])
    assert Explanation.from_json(str(found["explanation"])) == EXPLANATION
    assert found["rows"].tolist() == [0.5, 2.5, 4.5, 6.5, 8.5, 10.5]


def test_completeness_is_what_is_and_what_should_be():
    maps = Maps(np.float32([[[1, 2, 4]]]), (9.0,), 12, 16, completeness=(7.5,))
    with np.load(io.BytesIO(export.map_npz(maps, 0, EXPLANATION, np.ones((5, 7), np.float32)))) as file:
        assert file["completeness"].tolist() == [7, 7.5] and file["resized"].shape == (5, 7)


def test_a_line_for_each_cell_with_its_place():
    maps = maps_of()
    rows = list(csv.DictReader(io.StringIO(export.map_csv(maps, 0))))
    assert len(rows) == 48
    last = rows[-1]
    assert (last["row"], last["column"], last["pixel_row"], last["pixel_column"]) == ("5", "7", "10.5", "14.5")
    assert float(last["value"]) == pytest.approx(float(maps.values[0, 5, 7]))
    pixels = list(csv.DictReader(io.StringIO(export.map_csv(maps_of(InputXGradient()), 0))))
    assert len(pixels) == 12 * 16 and pixels[17]["pixel_row"] == "1.0" and pixels[17]["pixel_column"] == "1.0"


def test_a_sheet_of_maps_opens_again():
    maps, signed = maps_of(), maps_of(InputXGradient())
    figures = [
        export.figure(PICTURE, maps, 0, ColourScale.of(maps, 0, False)),
        export.figure(PICTURE, signed, 0, ColourScale.of(signed, 0, True)),
    ]
    other = Explanation("tiny", ClassLogit(2), InputXGradient(), 12, 16, (0, 0, 12, 16))
    data = export.maps_sheet(figures, ["Grad-CAM", "Input x gradient"], [EXPLANATION, other], "cat.jpg", across=2)
    assert export.read_explanations(data) == (EXPLANATION, other)
    image, _ = opened(data)
    high, wide = figures[0].shape[:2]
    assert image.shape[0] == export.LABEL + high + export.LABEL
    assert (image[export.LABEL : export.LABEL + high, :wide] == figures[0]).all()
    second = (image.shape[1] + export.GAP) // 2
    assert (image[export.LABEL : export.LABEL + high, second : second + wide] == figures[1]).all()


def test_what_holds_no_explanation_is_refused():
    maps = maps_of()
    for data in (pickle.dumps({}), export.PNG_SIGNATURE, b"{}", torch.zeros(3).numpy().tobytes()):
        for read in (export.read_explanation, export.read_explanations, export.read_recipe):
            with pytest.raises(ActvizError):
                read(data)
    with pytest.raises(ActvizError):
        export.read_recipe(export.map_png(PICTURE, maps, 0, EXPLANATION))
