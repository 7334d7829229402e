import pickle
from dataclasses import replace

import numpy as np
import pytest

from actviz_core import Channel, Maps, MeasureLayers
from tests.core.evaluation.test_deletion import SCORE, WEIGHTS, WHITE, frames_of, model

VALUES = WEIGHTS.numpy()[None]


def layer(name, values, centres=None):
    return Maps(np.asarray(values, np.float32), (20.0,), 12, 16, name, centres=centres)


def test_each_layer_has_the_area_of_its_own_deletion_curve():
    coarse = VALUES.reshape(1, 3, 2, 2).sum(3)
    maps = (layer("fine", VALUES), layer("flat", np.ones((1, 3, 4))), layer("coarse", coarse), layer("one", [[[2.0]]]))
    work = pickle.loads(pickle.dumps(MeasureLayers(("weighted", ""), WHITE, SCORE, maps, points=13)))
    network = model()
    *_, last = frames = list(work.begin(lambda *_: network))
    found = dict(last.areas)
    assert list(found) == ["fine", "coarse"], "a flat map has no order, and neither has one cell"
    for name, values in (("fine", VALUES[0]), ("coarse", coarse[0])):
        assert found[name] == pytest.approx(frames_of(values, points=13)[-1].map.deletion.area, abs=1e-5)
    assert found["fine"] < found["coarse"]
    assert [frame.fraction for frame in frames] == [0.25, 0.5, 0.75, 1] and last.passes == 2 + 11 + 5
    assert last.what == "mean activation" and last.score == pytest.approx((20,))


def test_cells_lie_where_the_maps_say():
    centres = ((7.5, 11.0), (7.5, 15.0))
    maps = (layer("a", [[[4.0, 3], [2, 1]]], centres),)
    [frame] = MeasureLayers(("weighted", ""), WHITE, Channel("output", 0), maps).begin(lambda *_: model())
    expected = frames_of(maps[0].values[0], centres=centres)[-1].map.deletion.area
    assert dict(frame.areas)["a"] == pytest.approx(expected, abs=1e-5)
    [other] = replace(MeasureLayers(("weighted", ""), WHITE, SCORE, maps), fill="blur").begin(lambda *_: model())
    assert dict(other.areas)["a"] == pytest.approx(20, abs=1e-4), "white, blurred, is white"
