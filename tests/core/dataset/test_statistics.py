import numpy as np

from actviz_core.dataset.index import unpacked
from actviz_core.dataset.statistics import units


def answers(images=40, channels=5, height=6, width=8):
    """Whole numbers, so that many are equal."""
    rng = np.random.default_rng(0)
    values = rng.integers(-2, 7, (images, channels)).astype(np.float32)
    return values, rng.integers(0, height * width, (images, channels)).astype(np.int32), height, width


def test_patches_are_those_that_sorting_every_image_finds():
    values, places, height, width = answers()
    for channel, unit in enumerate(units("conv", values, places, height, width)):
        found = unpacked(unit, 40)
        ranked = sorted(range(40), key=lambda image: (-values[image, channel], image))
        expected = [(i, places[i, channel] // width, places[i, channel] % width, values[i, channel]) for i in ranked]
        assert [(each.image, each.row, each.column, each.value) for each in found.best] == expected[:9]
        steps = [39, 34, 29, 24, 19, 15, 10, 5, 0]  # 39 / 8 each, from the lowest
        assert [each.image for each in found.spread] == [ranked[step] for step in steps]
        assert len({each.image for each in found.random}) == 9
        assert all(each.value == values[each.image, channel] for each in found.random)
        assert found.tied == (values[:, channel] == values[:, channel].max()).sum() > 1
        assert found.quantiles.tolist() == sorted(values[:, channel]), "between two images lies no third"
        assert found.best[0].lower == 40 - found.tied and found.spread[0].lower == 0


def test_random_patches_are_the_channels_own():
    values, places, height, width = answers()
    first, again = (units("conv", values, places, height, width)["patches"]["image"][:, 1] for _ in range(2))
    other = units("pool", values, places, height, width)["patches"]["image"][:, 1]
    assert (first == again).all() and (first != other).any(1).all() and (first[0] != first[1]).any()


def test_of_many_images_values_of_theirs_are_kept_and_about_as_many_are_lower():
    values = np.random.default_rng(1).normal(size=(1000, 1)).astype(np.float32)
    record = unpacked(units("conv", values, np.zeros((1000, 1), np.int32), 1, 1)[0], 1000)
    assert len(record.quantiles) == 129 and np.isin(record.quantiles, values).all()
    assert record.best[0].lower == 999
    for value in (-3.5, -1.0, 0.0, 0.5, 2.0, 4.0):
        assert abs(record.lower_than(value) - (values < value).sum()) <= 8


def test_fewer_images_than_patches():
    values, places, height, width = answers(images=2, channels=1)
    found = unpacked(units("conv", values, places, height, width)[0], 2)
    assert [len(patches) for patches in (found.best, found.random, found.spread)] == [2, 2, 2]


def test_border_units_and_dead_ones_are_marked():
    """Of maps of 6 x 8, half of the cells lie in the ring: three quarters of the maxima are as many as it takes."""
    values, places = np.ones((40, 5), np.float32), np.full((40, 5), 2 * 8 + 3, np.int32)
    places[:30, 0], places[:29, 1] = 8 * 5 + 2, 8 * 5 + 2
    values[:, 2], places[:, 2] = 0, 0
    values[:37, 3], places[:, 3] = 0, 7  # where it fires at all, at the right border
    values[:38, 4], places[:, 4] = 0, 7
    found = units("conv", values, places, 6, 8)
    assert found["at_border"].tolist() == [True, False, False, True, False]
    assert found["dead"].tolist() == [False, False, True, False, False]
    assert not units("conv", values, np.zeros_like(places), 2, 24)["at_border"].any(), "everything is border there"
