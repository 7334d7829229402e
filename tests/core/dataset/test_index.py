import numpy as np
import pytest

from actviz_core import ActvizError, Index, Patch, UnitRecord
from actviz_core.dataset.index import UNIT, packed


def record(quantiles, **more):
    best = (Patch(2, 3, 1, float(quantiles[-1]), 2), Patch(0, 0, 5, float(quantiles[1]), 1))
    return UnitRecord(best, best[::-1], best[:1], np.asarray(quantiles, np.float32), 3, **more)


def index():
    records = [record([-2, 0, 5]), record([0, 6, 6], tied=2, at_border=True)]
    return Index("three colours", True, {"conv": packed(records)}, (b"a", b"b", b"c"), (("notes.txt", "no image"),))


def test_a_record_comes_back_as_it_was_packed():
    found = index().unit("conv", 0)
    assert found.best == (Patch(2, 3, 1, 5.0, 2), Patch(0, 0, 5, 0.0, 1))
    assert found.random == found.best[::-1] and found.spread == found.best[:1]
    assert (found.quantiles.tolist(), found.images) == ([-2, 0, 5], 3)
    assert (found.tied, found.at_border, found.dead) == (1, False, False)
    other = index().unit("conv", 1)
    assert (other.tied, other.at_border, other.dead) == (2, True, False)


def test_a_channel_takes_less_than_a_kilobyte():
    assert UNIT.itemsize == 846


@pytest.mark.parametrize("value, lower", [(-3, 0), (-2, 0), (-1.9, 1), (0, 1), (4.9, 2), (5, 2), (5.1, 3), (1e9, 3)])
def test_of_few_images_those_with_a_lower_value_are_counted(value, lower):
    assert index().unit("conv", 0).lower_than(value) == lower
    assert index().unit("conv", 1).lower_than(6) == 1, "an image is not higher than those that share its value"


@pytest.mark.parametrize("value, lower", [(-1, 0), (0, 0), (64, 640), (64.5, 645), (128, 1280), (129, 1281)])
def test_of_many_images_the_quantiles_say_about_how_many(value, lower):
    assert UnitRecord((), (), (), np.arange(129, dtype=np.float32), 1281).lower_than(value) == lower


def test_what_is_not_there_is_told():
    found = index()
    assert (found.images, found.layers, found.channels("conv"), found.picture(1)) == (3, ("conv",), 2, b"b")
    with pytest.raises(ActvizError, match=r"the index of three colours has no layer 'cnv' \(did you mean conv\?\)."):
        found.unit("cnv", 0)
    with pytest.raises(ActvizError, match="channel 2 is out of range: layer conv has 2 channels."):
        found.unit("conv", 2)
    with pytest.raises(ActvizError, match="image -1 is out of range: the index of three colours has 3 images."):
        found.picture(-1)
