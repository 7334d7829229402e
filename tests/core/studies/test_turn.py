"""Turns of a run that can stop anywhere."""

import pytest

from actviz_core import Folder
from actviz_core.studies import indexing, turn
from tests.core.tiny import tiny_model


class Clock:
    """Goes on by an eighth of a second with each image."""

    def __init__(self, monkeypatch):
        self.now, answer = 0.0, indexing.Indexing.answer

        def answered(run, part):
            self.now += len(part) / 8
            answer(run, part)

        monkeypatch.setattr(indexing.Indexing, "answer", answered)
        monkeypatch.setattr(indexing, "time", self)
        monkeypatch.setattr(turn, "time", self)

    def monotonic(self):
        return self.now


@pytest.mark.parametrize(("others", "images"), [(0, [0, 1, 2, 2, 2, 1, 2, 1]), (0.5, [0, 4, 4, 3]), (9, [0, 8, 3])])
def test_an_index_has_turns_as_long_as_those_of_all_others(folder, tmp_path, monkeypatch, others, images):
    """Alone, a pass of at most a quarter of a second; beside many, as many as take as long as they do, or a second."""
    clock, turns = Clock(monkeypatch), []
    monkeypatch.setattr(turn, "LONGEST", 1)
    run = indexing.indexing(tiny_model(), Folder(str(folder)), ("pool",), tmp_path / "root")
    began = clock.now
    for _ in run:
        turns.append(round(8 * (clock.now - began)))
        began = clock.now = clock.now + others
    assert turns[: len(images)] == images and sum(turns) == 11
    assert not others or len(turns) == len(images), "the index is made of them in the last turn"
