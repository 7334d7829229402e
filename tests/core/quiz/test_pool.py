"""Which units are asked about, and with which images."""

import numpy as np
import pytest

from actviz_core.dataset import statistics
from actviz_core.dataset.index import Index
from actviz_core.quiz import FEWEST, POOL, TooFew, pool, stamp_of
from actviz_core.quiz.pool import spread, unit_of


def index(images=60, channels=8, layers=("a", "b", "c", "d"), seed=0, values=None) -> Index:
    """One whose values are drawn; its photographs have names."""
    rng = np.random.default_rng(seed)
    units = {}
    for layer in layers:
        found = rng.random((images, channels), np.float32) if values is None else values
        units[layer] = statistics.units(layer, found, np.zeros(found.shape, np.int32), 4, 4)
    return Index("drawn images", False, units, tuple(b"%d" % n for n in range(images)), (), NAMES[:images])


NAMES = tuple(f"photograph {n}" for n in range(200))
ALONE = NAMES.__getitem__  # each image is a photograph of its own


def test_the_images_of_a_unit_are_four_and_far_apart():
    made = index()
    units = pool(made, made.layers, ALONE)
    assert len(units) == POOL == len({(unit.layer, unit.channel) for unit in units})
    assert {unit.layer for unit in units} == {"b", "c", "d"}, "not of the first layers"
    for unit in units:
        record = made.unit(unit.layer, unit.channel)
        assert unit.most == record.best[0] and unit.least == record.spread[0] and unit.least.lower == 0
        assert len({unit.most.image, unit.least.image, unit.low.image, unit.high.image}) == 4
        assert unit.low.lower <= 15 and unit.high.lower >= 45
        assert unit.least.value <= unit.low.value < unit.high.value < unit.most.value
    assert pool(index(), made.layers, ALONE) == units, "the same for everybody"


def test_parts_of_one_photograph_are_not_asked_about_beside_each_other():
    made = index()
    fifths = lambda image: str(image // 5)  # noqa: E731
    for unit in pool(made, made.layers, fifths):
        assert len({fifths(patch.image) for patch in (unit.least, unit.most, unit.low, unit.high)}) == 4


def test_dead_tied_and_flat_units_are_left_out():
    values = np.zeros((60, 3), np.float32)
    values[:, 1] = np.minimum(np.arange(60), 50)  # the highest is shared
    values[:, 2] = np.arange(60)
    made = index(values=values, layers=("a",))
    assert [unit_of(made, "a", channel, ALONE) is None for channel in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("made", "layers", "said"),
    [
        (index(images=FEWEST - 1), ("a",), "needs 40 images at least; there are 39"),
        (index(), (), "needs 1 layers at least; there are 0"),
        (index(channels=2), ("a", "b", "c", "d"), "with drawn images needs 15 units at least; there are 6"),
    ],
    ids=["images", "layers", "units"],
)
def test_what_is_too_little_is_said(made, layers, said):
    with pytest.raises(TooFew, match=said):
        pool(made, layers, ALONE)


def test_layers_are_spread_over_the_network():
    assert spread("abcdefghijklmnop") == list("giknp") and spread("a") == ["a"] and spread("ab") == ["a", "b"]


def test_the_stamp_tells_other_images_and_answers():
    one, other, longer = index(), index(seed=1), index(images=61)
    stamps = {stamp_of(each, pool(each, each.layers, ALONE)) for each in (one, other, longer)}
    assert len(stamps) == 3 and stamp_of(one, pool(one, one.layers, ALONE)) in stamps
