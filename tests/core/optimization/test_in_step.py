"""Several runs through one network: each must be what it is alone."""

import numpy as np
import pytest
import torch

from actviz_core import (
    L1,
    ActvizError,
    Ascent,
    Channel,
    ClassLogit,
    Hyperparams,
    Jitter,
    Noise,
    Recipe,
    Scale,
    Spec,
    load_model,
    replay,
    together,
)
from actviz_core.optimization import in_step, passes
from tests.core.tiny import tiny_model
from tests.core.tiny_runs import spec

VIEWS = Hyperparams(0.3, (Jitter(3), Scale(0.9, 1.2), Noise(0.02)), (L1(0.1),))


def recipe(hyperparams=VIEWS, **given):
    return Recipe(spec(**{"iterations": 5} | given), hyperparams)


@pytest.fixture
def model():
    return tiny_model()


@pytest.fixture
def batched(monkeypatch):
    """As on a GPU."""
    monkeypatch.setattr(in_step, "BATCHED", {"cpu"})


def all_together(model, recipes, wishes=()):
    """The frames of each run, and the problem that ended it if there was one."""
    runs, found, problems = [Ascent(model, each) for each in recipes], [[] for _ in recipes], [None] * len(recipes)
    going = list(range(len(runs)))
    while going:
        outcomes = together([runs[place] for place in going], [None] * len(going))
        for place, outcome in zip(list(going), outcomes, strict=True):
            if outcome is None or isinstance(outcome, Exception):
                going.remove(place)
                problems[place] = outcome
            else:
                found[place].append(outcome)
    return found, problems


@pytest.mark.parametrize("where", [{"cpu"}, set()], ids=["batched", "in turn"])
def test_equal_columns_give_equal_pictures_bit_for_bit(model, where, monkeypatch):
    monkeypatch.setattr(in_step, "BATCHED", where)
    (one, two, three), _ = all_together(model, [recipe()] * 3)
    assert len(one) == 5
    for first, *others in zip(one, two, three, strict=True):
        assert all(np.array_equal(first.images, other.images) and first.score == other.score for other in others)


RECIPES = [
    recipe(),
    recipe(seed=3),
    recipe(Hyperparams(0.1, (), ())),
    recipe(objective=ClassLogit(2)),
    recipe(height=24),
    recipe(count=2),
]


def test_a_run_among_others_is_the_run_alone_bit_for_bit(model):
    found, _ = all_together(model, RECIPES)
    for each, frames in zip(RECIPES, found, strict=True):
        alone = list(replay(model, each))
        assert len(alone) == len(frames) == 5
        for ours, theirs in zip(frames, alone, strict=True):
            assert (
                np.array_equal(ours.images, theirs.images)
                and ours.score == theirs.score
                and ours.gradient == theirs.gradient
            )


def test_a_run_in_a_batch_is_the_run_alone_but_for_the_last_bits(model, batched):
    found, _ = all_together(model, RECIPES)
    for each, frames in zip(RECIPES, found, strict=True):
        alone = list(replay(model, each))
        assert len(alone) == len(frames) == 5
        for ours, theirs in zip(frames, alone, strict=True):
            assert np.abs(ours.images.astype(int) - theirs.images).max() <= 1
            assert ours.score == pytest.approx(theirs.score, rel=1e-4) and ours.gradient == pytest.approx(
                theirs.gradient, rel=1e-3
            )


def test_runs_that_agree_go_through_the_network_together(model, batched, monkeypatch):
    sizes, descent = [], in_step.descent
    monkeypatch.setattr(in_step, "descent", lambda ascents: sizes.append(len(ascents)) or descent(ascents))
    all_together(
        model,
        [
            recipe(iterations=1),
            recipe(iterations=1, seed=1),
            recipe(iterations=1, height=24),
            recipe(iterations=1, objective=ClassLogit(1)),
        ],
    )
    assert sorted(sizes) == [1, 1, 2]


def test_a_run_that_fails_leaves_the_others_running(model):
    bad, good = recipe(objective=Channel("conv2", 99)), recipe()
    (nothing, frames), problems = all_together(model, [bad, good])
    assert nothing == [] and isinstance(problems[0], ActvizError) and "channel 99 is out of range" in str(problems[0])
    assert len(frames) == 5 and problems[1] is None


def test_memory_that_runs_out_is_told_in_words(model, monkeypatch):
    def activations(*_):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(passes, "activations", activations)
    with pytest.raises(ActvizError, match="Lower the number of pictures"):
        next(replay(model, recipe()))
    _, problems = all_together(model, [recipe(), recipe(seed=1)])
    assert all("Lower the number of pictures" in str(problem) for problem in problems)


@pytest.mark.parametrize("where", [{"cpu"}, set()], ids=["batched", "in turn"])
def test_on_a_real_network_too(where, monkeypatch):
    monkeypatch.setattr(in_step, "BATCHED", where)
    model = load_model("efficientnet_lite0", "cpu")
    recipes = [
        Recipe(Spec("efficientnet_lite0", Channel("blocks.1.0", channel), height=48, width=64, iterations=3))
        for channel in (3, 5)
    ]
    found, _ = all_together(model, recipes)
    for each, frames in zip(recipes, found, strict=True):
        *_, alone = replay(model, each)
        assert frames[-1].score == pytest.approx(alone.score, rel=1e-3)
