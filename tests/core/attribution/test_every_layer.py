"""A run that makes the maps of every layer after the one that was asked for."""

import numpy as np

from actviz_core import AttributeEveryLayer, ClassLogit, GradCam, attribute, attribute_layers
from actviz_core.attribution.attribute import tensor_of
from tests.core.tiny import tiny_images, tiny_model

PICTURES = (tiny_images(2).permute(0, 2, 3, 1).numpy() * 255).round().astype(np.uint8)


def test_the_map_that_was_asked_for_comes_first_and_is_half_of_the_work():
    work = AttributeEveryLayer(("tiny", ""), PICTURES, ClassLogit(2), GradCam("conv1"))
    first, last = work.begin(lambda *_: tiny_model())
    alone = attribute(tiny_model(), tensor_of(PICTURES), ClassLogit(2), GradCam("conv1"))
    for frame, fraction in ((first, 0.5), (last, 1.0)):
        assert frame.maps.layer == "conv1" and frame.maps.fraction == fraction and frame.score == alone.score
        assert np.allclose(frame.maps.values, alone.values, atol=1e-6)
    expected = attribute_layers(tiny_model(), tensor_of(PICTURES), ClassLogit(2), GradCam("conv1"))
    assert not first.layers and [maps.layer for maps in last.layers] == [maps.layer for maps in expected]
    assert len(expected) > 1
    assert all(np.allclose(one.values, other.values) for one, other in zip(last.layers, expected, strict=True))
