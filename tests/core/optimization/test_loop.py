"""The loop: what a frame tells, which numbers, what remains, and what can go wrong."""

import numpy as np
import pytest
import torch

from actviz_core import (
    L1,
    OPTIMIZERS,
    SGD,
    ActvizError,
    Adam,
    BlurView,
    Channel,
    ClassLogit,
    Crops,
    Diverged,
    Diversity,
    Flip,
    FourierImage,
    GradientAscent,
    Hyperparams,
    Jitter,
    Neuron,
    Noise,
    Pad,
    PhaseImage,
    PixelImage,
    Rotate,
    Scale,
    Spec,
    TotalVariation,
    optimize,
)
from tests.core.tiny import reference, tiny_model
from tests.core.tiny_runs import PARAMETRIZATIONS, RANDOM, STILL, all_told, hooks, spec, told

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
        same = list(optimize(model, spec(objective=objective, redirected=0), STILL))
        for one, other in zip(mixed, same, strict=True):
            assert one.score[index] == pytest.approx(other.score[0], rel=1e-4)
            assert np.abs(one.images[index].astype(int) - other.images[0]).max() <= 1


def test_diversity_makes_images_unlike(model):
    before, *_, after = (
        frame.score
        for frame in optimize(model, spec(objective=Diversity("conv2"), count=3, iterations=20), Hyperparams(4.0, ()))
    )
    assert np.mean(after) > np.mean(before)


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
