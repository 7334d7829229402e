"""What channels gain from one image to another, where that can be computed by hand."""

import numpy as np
import pytest

from actviz_core import ActvizError, ClassLogit
from actviz_core.attribution.gains import channel_gains
from tests.core.tiny import reference, tiny_images, tiny_model


def test_behind_the_layer_all_is_linear_so_gains_are_the_rise_of_the_logit():
    model, images = tiny_model(), tiny_images()
    found = channel_gains(model, images, ClassLogit("cat"), "pool")
    answers = reference(model, images)
    means = answers["pool"].mean((2, 3))
    expected = (means[1] - means[0]) * model.network.fc.weight[2]
    assert np.allclose(found.gains, expected, atol=1e-6) and found.gains.any() and found.layer == "pool"
    logits = answers["fc"][:, 2, 0, 0].tolist()
    assert (found.before, found.after) == pytest.approx(logits, rel=1e-5)
    assert found.gains.sum() == pytest.approx(found.rise, rel=1e-4)
    assert found.strongest(2) == tuple(expected.argsort(descending=True)[:2].tolist())


def test_a_class_or_layer_that_there_is_not():
    model, images = tiny_model(), tiny_images()
    for objective, layer in ((ClassLogit("wolf"), "pool"), (ClassLogit(2), "pull"), (ClassLogit(2), "fc")):
        with pytest.raises(ActvizError):
            channel_gains(model, images, objective, layer)
