"""Regions covered by each fill, pixel by pixel, and what the tiny network says of them."""

import numpy as np
import pytest

from actviz_core import ActvizError, Channel, Predict, Touch
from actviz_core.attribution.masking import masked
from actviz_core.attribution.prediction import predict
from tests.core.tiny import tiny_images, tiny_model

PICTURE = (tiny_images(1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
MASK = np.zeros((12, 16), bool)
MASK[2:5, 6:11] = True


@pytest.mark.parametrize("fill", ["grey", "blur", "mean", "patch"])
def test_only_the_region_is_covered(fill):
    found = masked(PICTURE, MASK, fill, 255 - PICTURE)
    assert np.array_equal(found[~MASK], PICTURE[~MASK]) and (found != PICTURE)[MASK].any(-1).all()
    assert found.dtype == np.uint8 and np.array_equal(masked(PICTURE, ~MASK | MASK, fill, PICTURE).shape, (12, 16, 3))
    assert np.array_equal(masked(PICTURE, np.zeros_like(MASK), fill, PICTURE), PICTURE)


def test_grey_and_a_patch_are_what_they_are_called():
    assert (masked(PICTURE, MASK, "grey")[MASK] == 128).all()
    assert np.array_equal(masked(PICTURE, MASK, "patch", 255 - PICTURE)[MASK], 255 - PICTURE[MASK])


def test_the_mean_is_that_of_the_pixels_around_the_region():
    around = np.zeros_like(MASK)
    around[1:6, 5:12] = True
    around &= ~MASK
    expected = PICTURE[around].mean(0).round()
    assert (masked(PICTURE, MASK, "mean")[MASK] == expected).all()
    everything = np.ones_like(MASK)
    assert (masked(PICTURE, everything, "mean") == PICTURE.mean((0, 1)).round()).all()


def test_a_blurred_region_keeps_its_mean_but_not_its_texture():
    stripes = np.zeros((64, 96, 3), np.uint8)
    stripes[:, ::2] = 200
    mask = np.zeros((64, 96), bool)
    mask[20:40, 30:60] = True
    covered = masked(stripes, mask, "blur")[mask].astype(int)
    assert np.abs(covered - 100).max() <= 3


@pytest.mark.parametrize(
    "mask, fill, patch, sentence",
    [
        (MASK[:, :15], "grey", None, "the mask has 12 x 15 pixels; it must have those of the image, 12 x 16."),
        (MASK, "patch", None, "the patch must be an image of the same size, 12 x 16; none is given."),
        (MASK, "patch", PICTURE[:11], "the patch must be an image of the same size, 12 x 16; it has 11 x 16 pixels."),
        (MASK, "gray", None, r"nothing is known to fill a region with 'gray' \(did you mean grey\?\)."),
    ],
)
def test_what_does_not_fit_is_told(mask, fill, patch, sentence):
    with pytest.raises(ActvizError, match=sentence):
        masked(PICTURE, mask, fill, patch)


def test_a_touched_picture_is_predicted_as_the_covered_one_is():
    model, network, objective = tiny_model(), ("tiny", ""), Channel("conv2", 1)
    found = Touch(network, PICTURE, MASK, "mean", objective).carry_out(lambda *_: model)
    expected = predict(model, masked(PICTURE, MASK, "mean"), objective)
    before = Predict(network, PICTURE, objective).carry_out(lambda *_: model)
    assert np.array_equal(found.probabilities, expected.probabilities) and found.score == expected.score
    assert not np.allclose(found.probabilities, before.probabilities) and found.score != before.score
    untouched = Touch(network, PICTURE, MASK & False).carry_out(lambda *_: model)
    assert np.array_equal(untouched.probabilities, before.probabilities) and untouched.score is None
