"""Cascades of small networks: of a map that depends on the weights, and of one that does not."""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from actviz_core import ActvizError, Channel, ClassLogit, Randomize, attribute
from actviz_core.attribution import InputXGradient, Maps, Method, SmoothGrad, Subject
from actviz_core.attribution.attribute import tensor_of
from actviz_core.attribution.gradients import pixel_maps
from actviz_core.evaluation.agreement import rank_correlation
from actviz_core.evaluation.randomization import CascadeStage, verdict
from actviz_core.models.redrawn import redrawn, stages
from tests.core.models.test_redrawn import changed, normed, weights
from tests.core.tiny import tiny_images

PICTURE = (tiny_images(1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)


@dataclass(frozen=True)
class Brightness(Method):
    """Says the same of every network."""

    def improve(self, subject: Subject) -> Iterator[Maps]:
        yield pixel_maps(subject, subject.scores(subject.images), subject.images.mean(1), passes=1)


LOGIT = ClassLogit(2)


def frames_of(model, method, objective=LOGIT, **settings):
    work = Randomize(("normed", ""), PICTURE, objective, method, **settings)
    return list(pickle.loads(pickle.dumps(work)).begin(lambda *_: model))


def test_each_stage_is_the_map_of_the_network_that_is_random_down_to_it():
    model, method, objective = normed(), InputXGradient(), ClassLogit(2)
    last = frames_of(model, method, stages=4, seeds=2)[-1]
    images, parts = tensor_of(PICTURE[None]), stages(model, ["output"], 4, 12, 16)
    assert [stage.name for stage in last.stages] == [part.name for part in parts] and len(parts) == 4
    trained = attribute(model, images, objective, method)
    assert np.array_equal(last.values, trained.values[0]) and last.score == trained.score
    for seed in range(2):
        for stage, twin in zip(last.stages, redrawn(model, parts, seed), strict=True):
            expected = next(method.improve(Subject.of(twin, images, objective))).values[0]
            assert stage.correlations[seed] == pytest.approx(rank_correlation(trained.values[0], expected))
            assert stage.absolute[seed] == pytest.approx(rank_correlation(abs(trained.values[0]), abs(expected)))
            if seed == 0:
                assert np.allclose(stage.values, expected, atol=1e-6)
    assert last.passes == 2 * (1 + 4 * 2) and last.fraction == 1


def test_a_map_that_says_the_same_of_every_network_is_found_out():
    last = frames_of(normed(), Brightness())[-1]
    assert all(each == pytest.approx(1) for stage in last.stages for each in (*stage.correlations, *stage.absolute))
    assert last.words == "Hardly changes with the weights: rank correlation 1.00 with all of them random."


def test_the_cascade_of_a_hidden_unit_begins_at_its_own_layer():
    last = frames_of(normed(), InputXGradient(), Channel("blocks.1.0", 2))[-1]
    assert last.stages[0].name.startswith("blocks.1") and len(last.stages) <= 8
    assert abs(last.stages[0].correlations[0]) < 0.999, "no stage changes nothing"


def test_the_network_itself_stays_as_it_is_while_frames_come():
    model = normed()
    before = weights(model)
    *frames, last = frames_of(model, SmoothGrad(samples=4), stages=3, seeds=1)
    assert changed(before, weights(model)) == set()
    fractions = [frame.fraction for frame in (*frames, last)]
    assert fractions == sorted(fractions) and not any(frame.words for frame in frames) and last.words
    known = [len(frame.stages) for frame in frames]
    assert known == sorted(known) and known[0] == 0
    images, untouched = tensor_of(PICTURE[None]), normed()
    with torch.no_grad():
        assert torch.equal(model(images), untouched(images))


def test_the_verdict_is_in_words():
    def stage(*correlations, absolute=()):
        return CascadeStage("blocks.0", PICTURE[..., 0].astype(np.float32), correlations, absolute or correlations)

    assert verdict(stage(0.1, -0.3, None)).startswith("Changes with the weights: rank correlation −0.10 with all")
    assert verdict(stage(0.1, absolute=(0.8,))).startswith("Hardly changes with the weights: rank correlation 0.80")
    assert verdict(stage(None, None)).startswith("With random weights the map is flat")


@pytest.mark.parametrize("settings", [dict(stages=1), dict(seeds=0)])
def test_a_cascade_of_nothing_is_refused(settings):
    with pytest.raises(ActvizError, match="it takes 2 and 1 at least"):
        frames_of(normed(), InputXGradient(), **settings)
