"""An iteration that is captured and repeated with other inputs.

Without a GPU the repetition computes anew, from the same memory.
"""

import dataclasses

import numpy as np
import pytest
import torch

from actviz_core import (
    L1,
    SGD,
    Adam,
    FourierImage,
    Hyperparams,
    Jitter,
    Noise,
    PixelImage,
    Rotate,
    Spec,
    TotalVariation,
    optimize,
)
from actviz_core.optimization import captured
from actviz_core.optimization.captured import Repetition
from tests.core.tiny import tiny_model
from tests.core.tiny_runs import spec

# Rates that float32 holds exactly: as an input they are such numbers.
SETTINGS = Hyperparams(0.25, (Jitter(3), Rotate(20.0)), (L1(0.1), TotalVariation(0.2)))


@pytest.fixture
def switched(monkeypatch):
    monkeypatch.setattr(captured, "DEVICES", {"cpu"})


@pytest.fixture
def captures(monkeypatch):
    """The keys of what was captured."""
    made = []
    monkeypatch.setattr(captured, "Captured", lambda *given: made.append(given) or CAPTURED(*given))
    return made


CAPTURED = captured.Captured


def spec_of(**given) -> Spec:
    own = {"parametrization": FourierImage(coarse=0.4), "height": 32, "width": 40, "iterations": 30}
    return spec(**own | given)


def frames_of(run: Spec, changes=None, every: int = 1) -> list:
    frames, found, wish = optimize(tiny_model(), run, SETTINGS, every=every), [], None
    while True:
        try:
            found.append(frames.send(wish))
        except StopIteration:
            return found
        wish = (changes or {}).get(found[-1].iteration)


def check_equal(one, other) -> None:
    assert [frame.iteration for frame in one] == [frame.iteration for frame in other]
    for first, second in zip(one, other, strict=True):
        assert first.score == second.score and first.penalties == second.penalties and first.gradient == second.gradient
        assert np.array_equal(first.images, second.images)


@pytest.mark.parametrize(
    "given, count",
    [
        ({}, 1),
        ({"octaves": 2, "height": 48, "width": 64}, 2),
        ({"count": 3}, 1),
        ({"parametrization": PixelImage(), "optimizer": Adam(0.9)}, 1),
    ],
)
def test_captured_iterations_give_the_same_frames(given, count, monkeypatch, captures):
    plain = frames_of(spec_of(**given))
    monkeypatch.setattr(captured, "DEVICES", {"cpu"})
    check_equal(frames_of(spec_of(**given)), plain)
    assert len(captures) == count


def test_only_what_is_shown_is_drawn(switched):
    shown = frames_of(spec_of())
    check_equal(frames_of(spec_of(), every=5), shown[4::5])


def test_another_learning_rate_is_an_input_and_another_setting_a_new_capture(monkeypatch, captures):
    changes = {
        13: dataclasses.replace(SETTINGS, learning_rate=0.0625),
        17: dataclasses.replace(SETTINGS, regularizers=(L1(0.3),)),
    }
    plain = frames_of(spec_of(), changes)
    monkeypatch.setattr(captured, "DEVICES", {"cpu"})
    check_equal(frames_of(spec_of(), changes), plain)
    assert len(captures) == 2


@pytest.mark.parametrize(
    "given, settings",
    [({"optimizer": SGD()}, SETTINGS), ({}, Hyperparams(0.25, (Noise(0.1),))), ({"redirected": 30}, SETTINGS)],
)
def test_what_cannot_be_captured_is_computed_as_ever(given, settings, switched, captures):
    assert len(list(optimize(tiny_model(), spec_of(**given), settings))) == 30
    assert not captures


@pytest.mark.parametrize("failures, told", [(1, 1), (9, 2)])
def test_a_capture_that_fails_is_tried_once_more_with_what_the_allocator_kept(
    failures, told, switched, captures, monkeypatch, caplog
):
    left = [failures]

    def capture(*given, made=captured.Captured):
        left[0] -= 1
        if left[0] >= 0:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")
        return made(*given)

    monkeypatch.setattr(captured, "Captured", capture)
    assert len(frames_of(spec_of())) == 30
    assert [record.message for record in caplog.records] == [
        "this iteration was not captured: CUDA out of memory. Tried to allocate 20.00 GiB"
    ] * told
    assert len(captures) == (failures == 1)


def test_only_iterations_on_a_gpu_are_captured(captures):
    frames_of(spec_of())
    assert not captures and Repetition(torch.device("cuda")).possible


def test_tensors_from_outside_are_kept():
    outside, weights = captured.Outside(), torch.ones(3)
    with outside:
        inner = weights * 2
        (inner + torch.zeros(3)).sum()
    assert [tensor.data_ptr() for tensor in outside.found.values()] == [weights.data_ptr()]
