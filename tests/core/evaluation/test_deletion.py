"""Curves of networks whose score is a weighted sum over cells, so that every point is known."""

import pickle

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from actviz_core import Channel, ClassLogit, DeletionFrame, MeasureDeletion, Model
from actviz_core.evaluation.deletion import Curve, edges, ranked

WEIGHTS = torch.tensor([[8.0, 0, 3, 1], [0, 2, 0, 0], [5, 0, 0, 1]])
WHITE = np.full((12, 16, 3), 255, np.uint8)
IMAGE = np.random.default_rng(3).integers(0, 256, (12, 16, 3), np.uint8)
LOST = 127 / 255  # of the brightness of a white cell that is covered with grey


class Weighted(nn.Module):
    """Two logits: the sum of the cells' brightness by WEIGHTS, and its negative."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 1, 4, 4)
        nn.init.constant_(self.conv.weight, 1 / 48)
        nn.init.constant_(self.conv.bias, 0.0)

    def forward(self, x: Tensor) -> Tensor:
        found = (self.conv(x)[:, 0] * WEIGHTS).sum((1, 2))
        return torch.stack([found, -found], 1)


def model() -> Model:
    return Model.of(Weighted(), (12, 16), labels=("much", "little"), name="weighted", device="cpu", fixed_size=True)


SCORE = Channel("output", 0)


def frames_of(values, image=WHITE, objective=SCORE, **settings) -> list[DeletionFrame]:
    work = MeasureDeletion(("weighted", ""), image, objective, np.asarray(values, np.float32), **settings)
    network = model()
    return list(pickle.loads(pickle.dumps(work)).begin(lambda *_: network))


def test_the_score_falls_by_the_weights_of_the_cells_in_the_maps_order():
    last = frames_of(WEIGHTS, points=13)[-1]
    weights = WEIGHTS.numpy()
    falling = np.sort(weights.ravel())[::-1]
    most_first = [weights.sum() - LOST * falling[:count].sum() for count in range(13)]
    least_first = [weights.sum() - LOST * falling[::-1][:count].sum() for count in range(13)]
    assert last.map.deletion.fractions == pytest.approx([count / 12 for count in range(13)])
    assert last.map.deletion.scores == pytest.approx(most_first, abs=1e-5)
    assert last.map.least_first.scores == pytest.approx(least_first, abs=1e-5)
    assert last.map.insertion.scores == pytest.approx([weights.sum()] * 13, abs=1e-5), "white, blurred, is white"
    area = (sum(most_first) - (most_first[0] + most_first[-1]) / 2) / 12
    assert last.map.deletion.area == pytest.approx(area)
    assert last.map.srg == pytest.approx(np.subtract(least_first, most_first).sum() / 12, abs=1e-5)
    assert last.what == "mean activation" and last.score == pytest.approx((20.0,))


def test_insertion_begins_with_the_blurred_picture_and_ends_with_the_picture():
    last = frames_of(WEIGHTS, IMAGE, points=13)[-1]
    scores = last.map.insertion.scores
    whole = (IMAGE.reshape(3, 4, 4, 4, 3).mean((1, 3, 4)) / 255 * WEIGHTS.numpy()).sum()
    assert scores[-1] == pytest.approx(whole, abs=1e-4) and scores[0] != pytest.approx(whole, abs=1e-3)
    assert last.edges.insertion.scores[0] == scores[0] and last.random[0].insertion.scores[-1] == scores[-1]


def test_of_a_class_its_probability_is_measured():
    last = frames_of(WEIGHTS * 0.1, objective=ClassLogit("little"), points=13)[-1]
    assert last.what == "probability of 1 little"
    assert last.map.deletion.scores[0] == pytest.approx(1 / (1 + np.exp(2 * 20)), rel=1e-4)


def test_the_verdict_compares_with_edges_and_with_chance():
    assert frames_of(WEIGHTS, points=13)[-1].words.startswith("Better than an edge map and than random orders: SRG ")
    worst = frames_of(-WEIGHTS, points=13)[-1]
    assert worst.words.startswith("No better than a random order: SRG −")
    assert worst.map.srg == pytest.approx(-frames_of(WEIGHTS, points=13)[-1].map.srg)
    striped = WHITE - 10 * np.kron(WEIGHTS.numpy(), [[0, 0, 1, 1]] * 4)[..., None].astype(np.uint8)
    third = np.where(WEIGHTS >= 5, 1.5, WEIGHTS)  # the best two cells come third, as the edges do not have them
    found = frames_of(third, striped, points=13)[-1]
    chance = max(abs(each.srg) for each in found.random)
    assert found.edges.srg > found.map.srg > chance
    assert found.words == f"No better than an edge map: SRG {found.map.srg:.3g}, of the edges {found.edges.srg:.3g}."
    flat = frames_of(np.ones((3, 4)))[-1]
    assert flat.words == "The map is flat: it says nothing of an order."


def test_each_frame_knows_more_and_only_the_last_has_a_verdict():
    *frames, last = frames_of(WEIGHTS, points=13)
    assert [frame.fraction for frame in frames] == sorted(frame.fraction for frame in frames)
    assert last.fraction == 1 and last.words and not any(frame.words for frame in frames)
    assert frames[0].map.srg is None and 0 < len(frames[0].map.deletion.scores) < 13
    assert last.passes == 3 + 4 * 3 * 11
    lengths = [len(frame.edges.insertion.scores) for frame in (*frames, last)]
    assert lengths == sorted(lengths) and lengths[-1] == 13


def test_maps_of_pixels_have_as_many_points_as_asked_for():
    last = frames_of(np.random.default_rng(0).random((12, 16)), points=5)[-1]
    assert last.map.deletion.fractions == (0, 0.25, 0.5, 0.75, 1)


def test_a_map_of_one_cell_has_two_ends():
    last = frames_of([[1.0]])[-1]
    assert last.map.deletion.scores == pytest.approx((20, 20 * (1 - LOST)), abs=1e-5) and last.map.srg == 0


def test_cells_lie_where_their_centres_are():
    """A map whose lower right cells are centred on the last pixels: what it calls the first cell is larger."""
    centres = ((7.5, 11.0), (7.5, 15.0))
    last = frames_of([[4.0, 3], [2, 1]], centres=centres, points=5)[-1]
    assert last.map.deletion.fractions == (0, 0.25, 0.5, 0.75, 1)
    covered = np.zeros((12, 16))
    scores = []
    for rows, columns in ((slice(0, 10), slice(0, 12)), (slice(0, 10), slice(12, 16)), (slice(10, 12), slice(0, 12))):
        covered[rows, columns] = 1
        scores.append(20 - LOST * (covered.reshape(3, 4, 4, 4).mean((1, 3)) * WEIGHTS.numpy()).sum())
    assert last.map.deletion.scores == pytest.approx([20, *scores, 20 * (1 - LOST)], abs=1e-4)
    met = frames_of([[4.0, 3], [2, 1]], centres=((5.0, 5.0), (2.0, 9.0)))[-1]
    assert np.isfinite(met.map.deletion.scores).all() and met.words


def test_equal_cells_are_ranked_at_random_by_a_seed():
    values = np.array([[1.0, 0, 0], [0, 0, 2]])
    places = [ranked(values, np.random.default_rng(seed)) for seed in range(40)]
    assert all(place[5] == 0 and place[0] == 1 for place in places)
    assert {place[1] for place in places} == {2, 3, 4, 5}
    assert np.array_equal(ranked(values, np.random.default_rng(7)), places[7])


def test_edges_are_where_sobels_filters_find_them():
    image = np.zeros((4, 6, 3), np.uint8)
    image[:, 3:] = 10
    grid = np.arange(24).reshape(4, 6)
    assert np.array_equal(edges(image, grid, 24).reshape(4, 6), [[0, 0, 40, 40, 0, 0]] * 4)
    halves = np.repeat([[0, 1]], 4, 0).repeat(3, 1)
    assert np.allclose(edges(image, halves, 3), [[40 / 3, 40 / 3, 0]])


def test_a_curve_that_is_not_measured_has_no_area():
    assert Curve().area == 0 and not Curve().done and not Curve((0.0, 1.0), (2.0,)).done
