"""What the tiny network says of a picture, against its logits by hand."""

import numpy as np
import pytest
import torch
from torch import nn

from actviz_core import ActvizError, Channel, ClassLogit, Model, Predict
from actviz_core.attribution.prediction import predict
from tests.core.tiny import reference, tiny_images, tiny_model

PICTURE = (tiny_images(1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)


def test_probabilities_are_the_softmax_of_the_logits_and_the_score_is_the_objectives():
    model = tiny_model()
    read = reference(model, torch.from_numpy(PICTURE / 255).permute(2, 0, 1)[None].float())
    found = Predict(("tiny", ""), PICTURE, Channel("conv2", 1)).carry_out(lambda *_: model)
    logits = read["output"][0, :, 0, 0]
    assert np.allclose(found.probabilities, logits.softmax(0).numpy(), atol=1e-6)
    assert found.probabilities.sum() == pytest.approx(1)
    assert found.ranked == logits.argsort(descending=True, stable=True).tolist()
    assert found.score == pytest.approx(read["conv2"][0, 1].mean().item(), abs=1e-6)
    assert predict(model, PICTURE).score is None
    assert predict(model, PICTURE, ClassLogit("bee")).score == pytest.approx(logits[1].item(), abs=1e-6)


def test_a_target_that_does_not_exist_is_refused_before_anything_is_computed():
    with pytest.raises(ActvizError, match="class 9 is out of range"):
        predict(tiny_model(), PICTURE, ClassLogit(9))


class Two(nn.Module):
    """Answers twice, so that which are classes cannot be told."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        y = self.conv(x)
        return y, y.flip(1)


def test_a_network_without_classes_has_scores_only():
    model = Model.of(Two(), (12, 16))
    assert len(predict(model, PICTURE).probabilities) == 0
    found = predict(model, PICTURE, Channel("conv", 2))
    assert found.ranked == [] and found.score is not None
