import numpy as np
import pytest
import torch
from PIL import Image

from actviz_core import (
    L1,
    OPTIMIZERS,
    SGD,
    ActvizError,
    Adam,
    Blur,
    BlurView,
    Change,
    Channel,
    ClassLogit,
    Crops,
    Decay,
    Diverged,
    Diversity,
    Flip,
    FourierImage,
    GradientAscent,
    Hyperparams,
    Jitter,
    Narrow,
    Neuron,
    Noise,
    Pad,
    PhaseImage,
    PixelImage,
    Recipe,
    Rotate,
    Scale,
    SmallContribution,
    SmallNorm,
    Spec,
    TotalVariation,
    optimize,
    photographs,
    replay,
)
from actviz_core.optimization.blur import blurred
from actviz_core.optimization.state import seed_of, size_at
from tests.core.tiny import reference, tiny_model

PARAMETRIZATIONS = [PixelImage(), PixelImage(decorrelate=True), FourierImage(), PhaseImage()]
RANDOM = Hyperparams(
    0.3, (Pad(2, "reflect"), Jitter(3), Scale(0.9, 1.2), Rotate(10.0), Flip(0.5), Noise(0.05)), (L1(0.1),)
)
STILL = Hyperparams(0.5, ())


def spec(**given):
    given = (
        dict(
            objective=Channel("conv2", 1),
            parametrization=PixelImage(),
            optimizer=Adam(0.5),
            height=16,
            width=24,
            iterations=6,
            redirected=2,
        )
        | given
    )
    return Spec("tiny", **given)


def told(frame):
    """All of a frame but the time it took."""
    return (
        frame.iteration,
        frame.images.tobytes(),
        frame.score,
        dict(frame.penalties),
        frame.gradient,
        frame.learning_rate,
    )


def all_told(frames):
    return [told(frame) for frame in frames]


def hooks(model):
    return [
        hook for m in model.network.modules() for hook in [*m._forward_hooks.values(), *m._forward_pre_hooks.values()]
    ]


# what a frame is


def test_frames_are_plain_data(model):
    frames = list(optimize(model, spec(count=2), Hyperparams(0.5, (), (L1(0.1), TotalVariation(0.0)))))
    assert [frame.iteration for frame in frames] == [1, 2, 3, 4, 5, 6]
    for frame in frames:
        assert (
            frame.images.shape == (2, 16, 24, 3) and frame.images.dtype == np.uint8 and not frame.images.flags.writeable
        )
        assert len(frame.score) == len(frame.gradient) == 2 and all(
            type(number) is float for number in frame.score + frame.gradient
        )
        assert list(frame.penalties) == ["l1"] and frame.penalties["l1"] >= 0
        assert frame.learning_rate == 0.5 and frame.seconds > 0


def test_the_first_frame_in_exact_numbers(model):
    """Plain ascent on flat pixels, computed beside it: score, penalties, gradient, and the picture after the step."""
    hyperparams = Hyperparams(3e6, (), (L1(0.5), TotalVariation(0.25)))
    start = torch.full((1, 3, 16, 24), 128 / 255).requires_grad_()
    score = reference(model, start)["conv2"][:, 1].mean()
    l1 = 0.5 * (start - 0.5).abs().mean()
    (score - l1).backward()
    expected = (start + 3e6 / 255**2 * start.grad).clamp(0, 1)
    frame = next(
        optimize(
            model, spec(parametrization=PixelImage(128.0, 0.0), optimizer=GradientAscent(), redirected=0), hyperparams
        )
    )
    assert frame.score[0] == pytest.approx(score.item(), rel=1e-5)
    assert frame.penalties == {"l1": pytest.approx(l1.item(), rel=1e-5), "total_variation": 0.0}
    assert frame.gradient[0] == pytest.approx(start.grad.square().mean().sqrt().item(), rel=1e-4)
    np.testing.assert_allclose(frame.images[0].transpose(2, 0, 1), (expected[0] * 255).detach(), atol=0.51)
    assert frame.images.std() > 1


def test_penalties_are_subtracted_and_a_second_one_has_a_name_of_its_own(model):
    contrasts = []
    for weights in ((), (300.0,), (300.0, 300.0)):
        *_, frame = optimize(model, spec(iterations=20), Hyperparams(3.0, (), tuple(L1(w / 10) for w in weights)))
        contrasts.append(abs(frame.images / 255.0 - 0.5).mean())
        assert list(frame.penalties) == ["l1", "l1@2"][: len(weights)]
    assert contrasts[0] > contrasts[1]


@pytest.mark.parametrize("optimizer", [kind() for kind in OPTIMIZERS], ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("parametrization", PARAMETRIZATIONS, ids=lambda p: f"{type(p).__name__}-{int(p.decorrelate)}")
def test_huge_steps_stay_numbers_and_colours(optimizer, parametrization, model):
    frames = list(
        optimize(model, spec(parametrization=parametrization, optimizer=optimizer, count=2), Hyperparams(100.0, ()))
    )
    assert len(frames) == 6 and all(np.isfinite(frame.score).all() for frame in frames)


def test_views_pass_through_the_frame_by_their_mean(model):
    still, cropped = (next(optimize(model, spec(), Hyperparams(0.0, t))) for t in ((), (Crops(5, 1.0, 1.0),)))
    assert cropped.score[0] == pytest.approx(still.score[0], rel=1e-4)


# determinism


@pytest.mark.parametrize("parametrization", PARAMETRIZATIONS, ids=lambda p: f"{type(p).__name__}-{int(p.decorrelate)}")
def test_the_global_random_generator_is_neither_used_nor_heard(parametrization, model):
    runs = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        np.random.seed(seed)
        before = torch.get_rng_state()
        runs.append(all_told(optimize(model, spec(parametrization=parametrization, count=2, seed=5), RANDOM)))
        assert torch.equal(torch.get_rng_state(), before)
    assert runs[0] == runs[1]


def test_the_seed_decides_the_picture(model):
    assert all_told(optimize(model, spec(seed=1), RANDOM)) == all_told(optimize(model, spec(seed=1), RANDOM))
    assert all_told(optimize(model, spec(seed=1), RANDOM)) != all_told(optimize(model, spec(seed=2), RANDOM))


def test_alone_and_interleaved_are_the_same(model):
    several = [
        (spec(count=2, iterations=9, octaves=2, height=40, width=56), RANDOM),
        (spec(objective=ClassLogit(2), parametrization=FourierImage(), optimizer=Adam(), seed=3), RANDOM),
        (
            spec(objective=Neuron("relu@2", 0, 2, 20), parametrization=PhaseImage(), redirected=0),
            Hyperparams(0.1, (Crops(3), Noise(0.1))),
        ),
    ]
    alone = [all_told(optimize(model, *run)) for run in several]
    together, turns = [[] for _ in several], [optimize(model, *run) for run in several]
    while any(turns):
        for index, frames in enumerate(turns):
            frame = next(frames, None) if frames else None
            turns[index] = frames if frame else None
            together[index] += [told(frame)] if frame else []
    assert together == alone


def test_images_made_together_start_from_their_own_noise(model):
    frame = next(optimize(model, spec(count=3), Hyperparams(0.0, ())))
    assert len({image.tobytes() for image in frame.images}) == 3


# one objective for each image


def test_an_objective_for_each_image(model):
    three = (Channel("conv2", 1), ClassLogit("dog"), Neuron("conv1", 0, 2, 20))
    mixed = list(optimize(model, spec(objective=three, count=3, redirected=0), STILL))
    for index, objective in enumerate(three):
        same = list(optimize(model, spec(objective=objective, count=3, redirected=0), STILL))
        for one, other in zip(mixed, same, strict=True):
            assert one.score[index] == pytest.approx(other.score[index], rel=1e-4)
            assert np.abs(one.images[index].astype(int) - other.images[index]).max() <= 1


def test_diversity_makes_images_unlike(model):
    before, *_, after = (
        frame.score
        for frame in optimize(model, spec(objective=Diversity("conv2"), count=3, iterations=20), Hyperparams(4.0, ()))
    )
    assert np.mean(after) > np.mean(before)


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


# nothing is left behind


@pytest.mark.parametrize("at", range(5))
def test_closed_at_any_iteration_no_hook_remains(at, model):
    frames = optimize(model, spec(objective=Channel("conv2", 1) + ClassLogit(1)), RANDOM)
    for _ in range(at):
        next(frames)
        assert not hooks(model)
    frames.close()
    assert not hooks(model) and list(frames) == []


def test_hooks_of_others_stay(model):
    seen = []
    model.network.conv2.register_forward_hook(lambda *_: seen.append(1))
    list(optimize(model, spec(), STILL))
    assert len(hooks(model)) == 1 and len(seen) >= 6


def test_no_hook_remains_after_an_exception(model):
    model.network.conv2.forward = lambda x: (_ for _ in ()).throw(KeyError("broken"))
    with pytest.raises(KeyError):
        next(optimize(model, spec(), STILL))
    assert not hooks(model)


def test_layers_behind_the_target_are_not_computed(model):
    frames = optimize(model, spec(), STILL)
    next(frames)
    before = model.network.behind
    list(frames)
    assert model.network.behind == before


def test_the_network_stays_frozen(model):
    before = {name: value.clone() for name, value in model.network.state_dict().items()}
    list(optimize(model, spec(objective=ClassLogit(1)), RANDOM))
    assert all(parameter.grad is None for parameter in model.network.parameters())
    assert all(torch.equal(value, before[name]) for name, value in model.network.state_dict().items())


@pytest.mark.parametrize("parametrization", PARAMETRIZATIONS, ids=lambda p: f"{type(p).__name__}-{int(p.decorrelate)}")
def test_transforms_do_not_accumulate_in_the_picture(parametrization, model):
    everything = (
        Pad(3, "grey"),
        Jitter(5),
        Scale(0.7, 1.5),
        Rotate(40.0),
        Flip(0.5),
        Crops(2),
        Noise(0.2),
        BlurView(1.0),
    )
    frames = list(optimize(model, spec(parametrization=parametrization, optimizer=SGD()), Hyperparams(0.0, everything)))
    assert len({frame.images.tobytes() for frame in frames}) == 1 and len({frame.score for frame in frames}) == 6


# Yosinski's operators


def test_yosinskis_iteration_in_his_order(model):
    """Step, decay, blur, small norm, small contribution, computed beside it; in whichever order they are listed."""
    grey, rate = torch.tensor(model.mean)[:, None, None], 3e6
    operators = (SmallContribution(30.0), Blur(1.0, 1), SmallNorm(25.0), Decay(0.1))
    run = spec(parametrization=PixelImage(128.0, 60.0), optimizer=GradientAscent(), redirected=0, iterations=1, seed=4)
    noise = run.parametrization.noise(1, 16, 24, torch.Generator().manual_seed(seed_of(run, 0))) / 255
    start = noise.clone().requires_grad_()
    reference(model, start)["conv2"][:, 1].mean().backward()
    x = (noise + rate / 255**2 * start.grad).clamp(0, 1)
    x = grey + 0.9 * (x - grey)
    x = blurred(x, 1.0)
    for amount, share in (
        (lambda x: (x - grey).norm(dim=1), 0.25),
        (lambda x: ((x - grey) * start.grad).sum(1).abs(), 0.3),
    ):
        limit = torch.quantile(amount(x).flatten(), share)
        x = torch.where((amount(x) >= limit)[:, None], x, grey)
    (frame,) = optimize(model, run, Hyperparams(rate, (), operators))
    differ = np.abs(frame.images[0].transpose(2, 0, 1) - (x[0] * 255).numpy()).max(0) > 0.51
    assert differ.sum() <= 2  # a pixel at the very percentile may fall to either side
    assert (np.abs(frame.images[0] - 255 * np.array(model.mean)) < 0.51).all(-1).mean() > 0.25


def test_blur_is_done_in_every_fourth_iteration(model):
    pictures = [frame.images for frame in optimize(model, spec(iterations=9), Hyperparams(0.0, (), (Blur(1.0, 4),)))]
    assert [i for i in range(2, 10) if (pictures[i - 1] != pictures[i - 2]).any()] == [4, 8]


@pytest.mark.parametrize(
    "parametrization", [PixelImage(decorrelate=True), FourierImage(sd=0.3)], ids=lambda p: type(p).__name__
)
def test_operators_act_on_the_picture_whatever_it_is_made_of(parametrization, model):
    before, after = (
        next(optimize(model, spec(parametrization=parametrization), Hyperparams(0.0, (), operators))).images / 255
        for operators in ((), (Decay(0.5),))
    )
    np.testing.assert_allclose(after, model.mean + 0.5 * (before - model.mean), atol=0.01)


# sizes


def test_octaves_grow_by_the_factor():
    run = spec(height=96, width=160, octaves=3, octave_factor=1.5, iterations=7)
    sizes = [size_at(run, i) for i in range(1, 8)]
    assert list(dict.fromkeys(sizes)) == [(43, 71), (64, 107), (96, 160)]
    assert [sizes.count(size) for size in dict.fromkeys(sizes)] == [3, 2, 2]


def test_octaves_are_never_smaller_than_a_network_can_take():
    assert size_at(spec(height=64, width=128, octaves=6, octave_factor=2.0), 1) == (32, 64)
    assert size_at(spec(height=20, width=60, octaves=6, octave_factor=2.0), 1) == (20, 60)


@pytest.mark.parametrize(
    "parametrization", PARAMETRIZATIONS[:3], ids=lambda p: f"{type(p).__name__}-{int(p.decorrelate)}"
)
def test_the_picture_is_kept_when_it_grows(parametrization, model):
    run = spec(
        parametrization=parametrization,
        start="photograph",
        photograph=photographs.to_base64(photo()),
        octaves=2,
        height=64,
        width=96,
    )
    frames = list(optimize(model, run, Hyperparams(0.0, ())))
    assert frames[2].iteration == 3 and size_at(run, 3) != size_at(run, 4)
    assert np.abs(frames[2].images[0].astype(float) - frames[3].images[0])[4:-4, 4:-4].max() < 12


def test_a_neuron_keeps_its_place_when_the_picture_grows(model):
    run = spec(
        objective=Neuron("pool", 1, 28, 4) + 0 * ClassLogit(0),
        height=64,
        width=96,
        octaves=2,
        octave_factor=2.0,
        optimizer=GradientAscent("rms"),
    )
    run = Spec(
        **{name: getattr(run, name) for name in run.__dataclass_fields__}
        | {"parametrization": PixelImage(128.0, 0.0), "iterations": 2}
    )
    first, second = optimize(model, run, Hyperparams(20.0, ()))
    touched = np.abs(first.images[0].astype(int) - 128).sum(-1) > 6
    rows, columns = touched.nonzero()
    assert (
        rows.min() > 50 and rows.max() <= 63 and columns.min() >= 3 and columns.max() < 16
    )  # row 28 of 32, column 4 of 48
    assert len(first.score) == len(second.score) == 1


# beginnings


def photo(height=48, width=96):
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack([60 + rows, 200 - columns, 100 + rows // 2], -1).astype(np.uint8)


@pytest.mark.parametrize(
    "parametrization", PARAMETRIZATIONS[:3], ids=lambda p: f"{type(p).__name__}-{int(p.decorrelate)}"
)
def test_a_run_starts_from_a_photograph(parametrization, model):
    run = spec(
        parametrization=parametrization,
        start="photograph",
        photograph=photographs.to_base64(photo()),
        height=32,
        width=40,
        count=2,
    )
    frame = next(optimize(model, run, Hyperparams(0.0, ())))
    middle = np.asarray(Image.fromarray(photo()[:, 18:78]).resize((40, 32), Image.Resampling.BICUBIC))
    assert np.abs(frame.images.astype(int) - middle).max() <= 6
    assert (frame.images[0] == frame.images[1]).all()


def test_a_damaged_photograph_is_told(model):
    with pytest.raises(ActvizError, match="the photograph in the recipe is damaged"):
        next(optimize(model, spec(start="photograph", photograph="!"), STILL))


@pytest.mark.parametrize(
    "parametrization", PARAMETRIZATIONS[:3], ids=lambda p: f"{type(p).__name__}-{int(p.decorrelate)}"
)
def test_a_run_starts_from_grey(parametrization, model):
    frame = next(optimize(model, spec(parametrization=parametrization, start="grey"), Hyperparams(0.0, ())))
    assert set(frame.images.flatten().tolist()) <= {127, 128}


def test_grey_networks_see_grey_pictures():
    frames = list(
        optimize(
            tiny_model(channels=1),
            spec(objective=ClassLogit(3), iterations=20),
            Hyperparams(4.0, (Pad(2, "grey"), Jitter(2))),
        )
    )
    assert frames[-1].score[0] > frames[0].score[0]
    assert not hooks(tiny_model(channels=1))


# what can go wrong


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        (dict(objective=Channel("conv9", 0)), "tiny has no layer 'conv9'"),
        (dict(objective=Channel("conv2", 9)), "channel 9 is out of range"),
        (dict(objective=(ClassLogit(0), ClassLogit("cow")), count=2), "no class named 'cow'"),
        (dict(objective=Neuron("conv2", 0, 16, 0)), "row 16 is out of range"),
    ],
)
def test_a_spec_that_does_not_fit_the_model_is_told_at_the_first_frame(wrong, sentence, model):
    frames = optimize(model, spec(**wrong), STILL)
    with pytest.raises(ActvizError, match=sentence):
        next(frames)


def test_numbers_that_stop_being_numbers_are_told(model):
    frames = optimize(model, spec(objective=ClassLogit(0)), STILL)
    next(frames)
    model.network.fc.bias.fill_(float("inf"))
    with pytest.raises(
        Diverged, match="stopped being a number at iteration 2: the steps are too long. Lower the learning rate."
    ):
        next(frames)
    with pytest.raises(Diverged, match="score of the first picture is not a number"):
        next(optimize(model, spec(objective=ClassLogit(0)), STILL))


@pytest.mark.parametrize(
    "problem",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB"),
        MemoryError(),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: "
            "you tried to allocate 9 bytes."
        ),
        RuntimeError("MPS backend out of memory"),
    ],
    ids=lambda problem: str(problem)[:20],
)
def test_memory_that_runs_out_is_called_that(problem, model):
    frames = optimize(model, spec(count=3), STILL)
    next(frames)
    model.network.conv2.forward = lambda x: (_ for _ in ()).throw(problem)
    with pytest.raises(
        ActvizError, match="^Out of memory on cpu: 3 pictures of 16 x 24. Lower the number of pictures, their size, or"
    ):
        next(frames)
    assert not hooks(model)


def test_other_errors_are_not_called_memory(model):
    frames = optimize(model, spec(), STILL)
    next(frames)
    model.network.conv2.forward = lambda x: (_ for _ in ()).throw(
        RuntimeError("required rank 4 tensor to use channels_last memory format")
    )
    with pytest.raises(RuntimeError, match="memory format"):
        next(frames)


def test_in_place_changes_do_not_reach_what_was_read(model):
    """conv2's output is changed in place by the sum behind it; read together with a later layer it is still conv2's."""
    both = next(
        optimize(model, spec(objective=Channel("conv2", 1) + 0 * ClassLogit(0), redirected=0), Hyperparams(0.0, ()))
    )
    alone = next(optimize(model, spec(redirected=0), Hyperparams(0.0, ())))
    assert both.score[0] == pytest.approx(alone.score[0], rel=1e-5)
    x = torch.tensor(alone.snapshot.parameters) / 255
    assert alone.score[0] == pytest.approx(reference(model, x)["conv2"][0, 1].mean().item(), rel=1e-4)


@pytest.mark.parametrize("parametrization", [FourierImage(), PixelImage(), PhaseImage()])
def test_a_network_that_sees_no_colour_is_shown_none(parametrization):
    spec = Spec("tiny", Channel("conv2", 1), parametrization, height=24, width=32, iterations=3, redirected=0)
    (*_, last) = optimize(tiny_model(1), spec)
    assert (last.images == last.images[..., :1]).all() and last.images.std() > 1
    (*_, coloured) = optimize(tiny_model(3), spec)
    assert (coloured.images != coloured.images[..., :1]).any()
