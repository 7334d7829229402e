"""A run is steered, kept and gone on with."""

import numpy as np
import pytest
import torch

from actviz_core import (
    OPTIMIZERS,
    Adam,
    Blur,
    BlurView,
    Change,
    FourierImage,
    GradientAscent,
    Hyperparams,
    Jitter,
    Narrow,
    Recipe,
    optimize,
    photographs,
    replay,
)
from actviz_core.optimization.state import seed_of, size_at
from tests.core.tiny_runs import PARAMETRIZATIONS, RANDOM, STILL, all_told, spec, told

# steering


def test_what_is_sent_holds_from_the_next_iteration_on(model):
    frames = optimize(model, spec(), STILL)
    rates = [next(frames).learning_rate, frames.send(Hyperparams(0.25, ())).learning_rate, next(frames).learning_rate]
    rates += [frames.send(None).learning_rate, frames.send(STILL).learning_rate]
    assert rates == [0.5, 0.25, 0.25, 0.25, 0.5]


def test_a_cooling_rate_falls_along_a_line_at_the_end_and_the_slider_still_rules(model):
    frames = optimize(model, spec(optimizer=Adam(0.5, cooling=0.5), iterations=5), STILL)
    assert [next(frames).learning_rate for _ in range(4)] == pytest.approx([0.5, 0.5, 0.5, 0.275])
    assert frames.send(Hyperparams(1.0, ())).learning_rate == pytest.approx(0.1)


def test_frames_may_be_few_and_the_run_is_the_same(model):
    all_of_them = list(optimize(model, spec(iterations=8), RANDOM))
    few = list(optimize(model, spec(iterations=8), RANDOM, every=3))
    assert all_told(few) == all_told([all_of_them[2], all_of_them[5], all_of_them[7]])


def test_iterations_draw_the_same_views_whatever_came_before(model):
    """So that runs that differ in size or start can be compared: only the seed and the iteration decide."""
    draws = [
        torch.rand(3, generator=torch.Generator().manual_seed(seed_of(spec(height=size, seed=seed), k)))
        for size in (16, 32)
        for seed in (0, 1)
        for k in (0, 1)
    ]
    assert all(torch.equal(draws[i], draws[i + 4]) for i in range(4))
    assert len({tuple(draw.tolist()) for draw in draws}) == 4


def test_a_picture_that_sharpens_ends_as_it_would_without(model):
    """Coarse to fine.

    The first pictures lack the fine waves, the last frame shows the plain picture of its parameters.
    """
    frames = list(optimize(model, spec(parametrization=FourierImage(coarse=0.2), iterations=5), Hyperparams(0.0, ())))
    (plain,) = optimize(model, spec(parametrization=FourierImage(), iterations=1), Hyperparams(0.0, ()))
    steps = [np.abs(np.diff(frame.images.astype(int), axis=2)).mean() for frame in frames]
    assert steps[0] < steps[1] < steps[2] == steps[3] and np.array_equal(frames[-1].images, plain.images)


def test_a_photograph_keeps_its_fine_waves_while_the_picture_sharpens(model):
    photograph = photographs.to_base64(np.random.default_rng(0).integers(60, 200, (16, 24, 3), np.uint8))
    given = dict(start="photograph", photograph=photograph, iterations=2)
    *_, coarse = optimize(model, spec(parametrization=FourierImage(coarse=0.2), **given), Hyperparams(0.0, ()))
    *_, plain = optimize(model, spec(parametrization=FourierImage(), **given), Hyperparams(0.0, ()))
    assert np.array_equal(coarse.images, plain.images)


def test_a_recipe_with_changes_is_the_steered_run(model):
    changed = Hyperparams(2.0, (Jitter(1),), (Blur(0.5, 2),))
    frames = optimize(model, spec(count=2), RANDOM)
    steered = [
        told(next(frames)),
        told(next(frames)),
        told(frames.send(changed)),
        told(next(frames)),
        told(frames.send(STILL)),
        told(next(frames)),
    ]
    recipe = Recipe(spec(count=2), RANDOM, (Change(3, changed), Change(5, STILL)))
    assert all_told(replay(model, recipe)) == steered
    assert all_told(replay(model, Recipe.from_json(recipe.to_json()))) == steered
    assert all_told(replay(model, Recipe(spec(count=2), RANDOM))) != steered


def test_a_recipe_goes_on_from_a_snapshot_and_can_be_steered_away(model):
    recipe = Recipe(spec(), RANDOM, (Change(3, STILL), Change(6, RANDOM)))
    whole = list(replay(model, recipe))
    for at in (1, 2, 4):
        assert all_told(replay(model, recipe, whole[at].snapshot)) == all_told(whole[at + 1 :])
    frames = replay(model, recipe, whole[1].snapshot)
    assert next(frames).learning_rate == 0.5
    assert [frames.send(Hyperparams(0.125)).learning_rate, next(frames).learning_rate, next(frames).learning_rate] == [
        0.125
    ] * 3


# snapshots


@pytest.mark.parametrize("optimizer", [*(kind() for kind in OPTIMIZERS), GradientAscent("rms", 2.0)], ids=str)
@pytest.mark.parametrize("parametrization", PARAMETRIZATIONS, ids=lambda p: f"{type(p).__name__}-{int(p.decorrelate)}")
def test_going_on_from_a_snapshot_is_as_if_nothing_had_happened(parametrization, optimizer, model):
    run = spec(
        parametrization=parametrization, optimizer=optimizer, count=2, octaves=2, height=40, width=56, iterations=6
    )
    whole = list(optimize(model, run, RANDOM))
    assert whole[2].images.shape == whole[3].images.shape == (2, 40, 56, 3) and size_at(run, 3) == (32, 45)
    for at in (0, 2, 3):  # within the first octave, at its end, at the beginning of the next
        for _ in range(2):  # a snapshot can be gone back to again
            assert all_told(optimize(model, run, RANDOM, whole[at].snapshot)) == all_told(whole[at + 1 :])


def test_a_run_with_another_end_makes_the_same_pictures_up_to_the_earlier_one(model):
    changing = Hyperparams(0.5, (Narrow(0.5), BlurView(1.0)))
    for run in (spec(optimizer=Adam(cooling=0.5), iterations=8), spec(height=64, width=96, octaves=2, iterations=8)):
        whole, rates = (
            list(optimize(model, run, changing)),
            [frame.learning_rate for frame in optimize(model, run.ending(11), changing)],
        )
        for end in (5, 11):
            assert all_told(optimize(model, run.ending(end), changing))[:8] == all_told(whole)[:end]
        assert rates[8:] == [rates[7]] * 3 and run.ending(11).ending(8) == run
        assert (
            all_told(optimize(model, run.ending(11), changing, whole[7].snapshot))
            == all_told(optimize(model, run.ending(11), changing))[8:]
        )


def test_snapshots_hold_arrays_only_and_know_their_size(model):
    snapshot = next(optimize(model, spec(optimizer=Adam()), STILL)).snapshot
    arrays = [snapshot.parameters, *snapshot.optimizer[0].values()]
    assert all(type(array) is np.ndarray for array in arrays)
    assert snapshot.iteration == 1 and snapshot.nbytes == sum(array.nbytes for array in arrays) > 3 * 3 * 16 * 24 * 4


def test_a_snapshot_of_the_last_iteration_has_nothing_to_go_on_with(model):
    *_, last = optimize(model, spec(), STILL)
    assert list(optimize(model, spec(), STILL, last.snapshot)) == []


def test_long_runs_take_a_hundred_snapshots(model):
    taken = [frame.iteration for frame in optimize(model, spec(iterations=150), STILL) if frame.snapshot]
    assert taken == list(range(2, 151, 2))
