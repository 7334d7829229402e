"""The smallest region that turns a decision, of networks that read a few cells of the picture by known weights."""

import pickle

import numpy as np
import pytest
import torch.nn.functional as F
from torch import Tensor, nn

from actviz_core import ActvizError, Model, NotAllowed, Run, Scheduler, TurnDecision
from actviz_core.attribution.decision import square_cells
from tests.core.attribution.test_prediction import Two

WHITE = np.full((12, 16, 3), 255, np.uint8)
GREY = 127 / 255  # what is left of a covered cell's brightness is 1 less this
X, Y, Z = (0, 1), (1, 3), (2, 0)


class Cells(nn.Module):
    """Logits of three classes, out of how much each cell of 4 x 4 pixels is covered: 0 to 1."""

    def __init__(self, answer):
        super().__init__()
        self.conv, self.answer = nn.Conv2d(3, 1, 4, 4), answer
        nn.init.constant_(self.conv.weight, 1 / 48)
        nn.init.constant_(self.conv.bias, 0.0)

    def forward(self, x: Tensor) -> Tensor:
        covered = (1 - self.conv(x)[:, 0]) / GREY
        return self.answer(*(covered[:, row, column] for row, column in (X, Y, Z)))


def logits(a: Tensor, b: Tensor | float, c: float) -> Tensor:
    return F.pad(a[:, None], (0, 2)) + a.new_tensor([0, b, c])


def model_of(answer, labels=("ant", "bee", "cat")) -> Model:
    return Model.of(Cells(answer), (12, 16), labels=labels, name="cells", device="cpu", fixed_size=True)


def frames_of(model, **settings):
    work = pickle.loads(pickle.dumps(TurnDecision(("cells", ""), WHITE, cells=4, **settings)))
    return list(work.begin(lambda *_: model))


def cells_of(frame):
    return {(int(row) // 4, int(column) // 4) for row, column in np.argwhere(frame.mask)}


def test_cells_that_only_turn_it_together_are_found_and_one_that_seems_to_matter_more_is_spared():
    """X alone does most, but with Y and Z covered it is not needed."""
    model = model_of(lambda x, y, z: logits(-x - 0.9 * y - 0.9 * z - 2 * y * z, -3.5, -9))
    *frames, last = frames_of(model)
    assert cells_of(last) == {Y, Z} and last.mask.sum() == 2 * 16
    assert last.share == pytest.approx(2 / 12) and last.prediction.ranked[0] == 1
    assert last.words == "2 cells of 12, of which none can be spared; another region may be smaller."
    found = [frame.mask.sum() // 16 for frame in frames if frame.mask.any()]
    assert found[0] == 3 and found == sorted(found, reverse=True), "each is smaller than the one before"
    fractions = [frame.fraction for frame in (*frames, last)]
    assert fractions == sorted(fractions) and fractions[-1] == 1 and fractions[-2] < 1


def test_a_single_cell_is_found_at_once():
    *_, last = frames_of(model_of(lambda x, y, z: logits(-x - 2 * y, -1.5, -9)))
    assert cells_of(last) == {Y} and last.passes == 1 + 12
    assert last.words.startswith("1 cell of 12,")


def test_another_class_may_be_asked_to_become_likelier():
    model = model_of(lambda x, y, z: logits(-x - 2 * y - 4 * z, -3, -5.5))
    assert cells_of(frames_of(model)[-1]) == {Z}
    last = frames_of(model, against=2)[-1]
    assert cells_of(last) == {Y, Z} and last.prediction.probabilities[2] > last.prediction.probabilities[0]


def test_where_nothing_turns_it_that_is_told():
    last = frames_of(model_of(lambda x, y, z: logits(-x, -1.5, -9)))[-1]
    assert not last.mask.any() and last.fraction == 1 and last.prediction.ranked[0] == 0
    assert last.words == "Not even the whole picture covered turns the decision."


@pytest.mark.parametrize(
    "settings, sentence",
    [
        (dict(label=1), "the network says 0 ant already: there is nothing to be turned."),
        (dict(label=3), "class 3 is out of range: cells has 3 classes."),
        (dict(against=0), "a class cannot be compared with itself"),
        (dict(fill="patch"), "none is given"),
    ],
)
def test_what_cannot_be_asked_is_told(settings, sentence):
    with pytest.raises(ActvizError, match=sentence):
        frames_of(model_of(lambda x, y, z: logits(-x, -1.5, -9)), **settings)


def test_a_network_without_classes_has_no_decision():
    with pytest.raises(NotAllowed, match="has no classes, so there is no decision to be turned"):
        frames_of(Model.of(Two(), (12, 16)))


def test_cells_are_about_square_and_cover_every_picture():
    assert np.array_equal(square_cells(12, 16, 4)[::4, ::4], np.arange(12).reshape(3, 4))
    for height, width in ((224, 224), (1, 1), (3, 200), (200, 3), (37, 61)):
        grid = square_cells(height, width, 14)
        assert np.array_equal(np.unique(grid), np.arange(grid.max() + 1)) and grid.max() < 14 * 14


def test_it_is_a_run_that_can_be_stopped():
    model = model_of(lambda x, y, z: logits(-x - 0.9 * y - 0.9 * z - 2 * y * z, -3.5, -9))

    class Models:
        def __call__(self, name, weights):
            return model

        def has(self, name, weights):
            return True

    scheduler = Scheduler(Models())
    run = Run.of(TurnDecision(("cells", ""), WHITE, cells=4), float("inf"))
    run.limit = 3
    scheduler.start(run)
    assert run.wait(lambda run: run.iteration == 3, 10) and run.newest.fraction < 1
    run.cancel()
    assert run.wait(lambda run: run.ended, 10) and run.newest.iteration == 3
    scheduler.close()
