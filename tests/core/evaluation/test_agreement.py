import pickle

import numpy as np
import pytest
from scipy.stats import spearmanr

from actviz_core import ClassLogit, MeasureAgreement, NotAllowed
from actviz_core.attribution import GradCam, Saliency, SmoothGrad
from actviz_core.attribution.attribute import attribute, tensor_of
from actviz_core.attribution.integrated import IntegratedGradients
from actviz_core.attribution.occlusion import Occlusion
from actviz_core.attribution.rise import Rise
from actviz_core.evaluation.agreement import Agreement, rank_correlation, ranks, variants, verdict
from tests.core.tiny import tiny_images, tiny_model

PICTURE = (tiny_images(1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)


def test_equal_values_share_their_ranks():
    assert ranks(np.array([[3.0, 1, 3], [0, 3, 7]])).tolist() == [4, 2, 4, 1, 4, 6]


def test_rank_correlations_are_spearmans():
    draw = np.random.default_rng(0)
    for _ in range(20):
        one, other = draw.integers(0, 6, (2, 5, 7)).astype(float)
        assert rank_correlation(one, other) == pytest.approx(spearmanr(one.ravel(), other.ravel()).statistic)
    assert rank_correlation(one, np.exp(one)) == pytest.approx(1) and rank_correlation(one, -one) == pytest.approx(-1)


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_a_map_that_is_flat_or_no_number_has_no_correlation(value):
    assert rank_correlation(np.full((2, 3), value), np.arange(6.0).reshape(2, 3)) is None


@pytest.mark.parametrize(
    "method, expected",
    [
        (Saliency(), []),
        (GradCam(), []),
        (SmoothGrad(seed=4), ["seeds 4 and 5"]),
        (IntegratedGradients(), ["baselines both and black"]),
        (IntegratedGradients(baseline="black"), ["baselines black and blur"]),
        (IntegratedGradients(baseline="noise"), ["baselines noise and black", "seeds 0 and 1"]),
        (Occlusion(), ["baselines mean and black"]),
        (Rise(), ["baselines mean and black", "seeds 0 and 1"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_method_draws_and_compares_with_may_be_otherwise(method, expected):
    assert [between for between, _ in variants(method)] == expected


def test_a_run_tells_how_far_two_seeds_agree():
    model, objective, method = tiny_model(), ClassLogit(2), SmoothGrad(samples=6, noise=0.4)
    work = pickle.loads(pickle.dumps(MeasureAgreement(("tiny", ""), PICTURE, objective, method)))
    *frames, last = work.begin(lambda *_: model)
    images = tensor_of(PICTURE[None])
    one, other = (
        attribute(model, images, objective, each).values for each in (method, SmoothGrad(6, noise=0.4, seed=1))
    )
    correlation = rank_correlation(one, other)
    assert 0 < correlation < 1 and last.agreements == (Agreement("seeds 0 and 1", correlation),)
    assert last.words == verdict(last.agreements) and last.fraction == 1 and last.passes == 2 * 13
    fractions = [frame.fraction for frame in (*frames, last)]
    assert fractions == sorted(fractions) and not any(frame.words for frame in frames)


def test_a_method_that_is_always_the_same_is_refused():
    work = MeasureAgreement(("tiny", ""), PICTURE, ClassLogit(2), Saliency())
    with pytest.raises(NotAllowed, match="Saliency draws nothing and has no baseline: its map is always the same."):
        work.begin(lambda *_: tiny_model())


def test_the_verdict_is_in_words():
    found = (Agreement("seeds 0 and 1", 0.93), Agreement("baselines both and black", 0.2), Agreement("a and b", None))
    assert verdict(found) == (
        "With seeds 0 and 1 the maps agree: rank correlation 0.93. "
        "With baselines both and black the maps differ: rank correlation 0.20. With a and b one of the maps is flat."
    )
