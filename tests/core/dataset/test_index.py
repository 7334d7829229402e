import numpy as np
import pytest

from actviz_core import ActvizError, Index, Patch, UnitRecord
from actviz_core.dataset.index import UNIT, packed


def record(quantiles, **more):
    best = (Patch(2, 3, 1, float(quantiles[-1]), 100.0), Patch(0, 0, 5, float(quantiles[64]), 50.0))
    return UnitRecord(best, best[::-1], best[:1], np.asarray(quantiles, np.float32), **more)


def index():
    records = [record(np.arange(129)), record(np.r_[np.zeros(65), np.full(64, 6)], tied=3, at_border=True)]
    return Index("three colours", True, {"conv": packed(records)}, (b"a", b"b", b"c"), (("notes.txt", "no image"),))


def test_a_record_comes_back_as_it_was_packed():
    found = index().unit("conv", 0)
    assert found.best == (Patch(2, 3, 1, 128.0, 100.0), Patch(0, 0, 5, 64.0, 50.0))
    assert found.random == found.best[::-1] and found.spread == found.best[:1]
    assert found.quantiles.tolist() == list(range(129)) and (found.tied, found.at_border, found.dead) == (
        1,
        False,
        False,
    )
    other = index().unit("conv", 1)
    assert (other.tied, other.at_border, other.dead) == (3, True, False)


def test_a_channel_takes_less_than_a_kilobyte():
    assert UNIT.itemsize == 846


@pytest.mark.parametrize("value, percentile", [(-1, 0), (0, 0), (32, 25), (32.5, 25.390625), (128, 100), (1e9, 100)])
def test_a_value_lies_among_the_quantiles(value, percentile):
    assert index().unit("conv", 0).percentile_of(value) == percentile


def test_equal_values_lie_in_the_middle_of_them():
    found = index().unit("conv", 1)
    assert (found.percentile_of(0), found.percentile_of(6)) == (25.0, 75.390625)


def test_what_is_not_there_is_told():
    found = index()
    assert (found.images, found.layers, found.channels("conv"), found.picture(1)) == (3, ("conv",), 2, b"b")
    with pytest.raises(ActvizError, match=r"the index of three colours has no layer 'cnv' \(did you mean conv\?\)."):
        found.unit("cnv", 0)
    with pytest.raises(ActvizError, match="channel 2 is out of range: layer conv has 2 channels."):
        found.unit("conv", 2)
    with pytest.raises(ActvizError, match="image -1 is out of range: the index of three colours has 3 images."):
        found.picture(-1)
